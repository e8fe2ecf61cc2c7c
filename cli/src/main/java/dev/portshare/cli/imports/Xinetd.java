package dev.portshare.cli.imports;

import dev.portshare.route.Cidr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Services of xinetd that {@code redirect} connections. */
final class Xinetd {
    private static final String PROCESSES = "portshare starts no process for a connection";
    private static final String LIMITS = "portshare does not limit connections by service";
    private static final String LOGS = "portshare logs a line a connection, with addresses, bytes and time";

    private static final Map<String, String> UNLIKE = Map.ofEntries(
            Map.entry("id", "a route has one name, its service's"),
            Map.entry("type", "a listening address has a number here, wherever it is listed"),
            Map.entry("user", PROCESSES),
            Map.entry("group", PROCESSES),
            Map.entry("nice", PROCESSES),
            Map.entry("server", PROCESSES),
            Map.entry("server_args", PROCESSES),
            Map.entry("env", PROCESSES),
            Map.entry("passenv", PROCESSES),
            Map.entry("umask", PROCESSES),
            Map.entry("instances", LIMITS),
            Map.entry("per_source", LIMITS),
            Map.entry("cps", LIMITS),
            Map.entry("max_load", LIMITS),
            Map.entry("access_times", "portshare listens at all times"),
            Map.entry("banner", "portshare sends nothing of its own"),
            Map.entry("banner_success", "portshare sends nothing of its own"),
            Map.entry("banner_fail", "portshare sends nothing of its own"),
            Map.entry("log_type", LOGS),
            Map.entry("log_on_success", LOGS),
            Map.entry("log_on_failure", LOGS),
            Map.entry("libwrap", "no hosts.allow and hosts.deny (libwrap): write \"when: {from: ...}\""));

    /** What is read, or says what portshare does anyway. */
    private static final Set<String> UNDERSTOOD = Set.of(
            "redirect",
            "port",
            "disabled",
            "enabled",
            "bind",
            "interface",
            "flags",
            "disable",
            "only_from",
            "no_access",
            "socket_type",
            "wait",
            "protocol");

    /** What {@code defaults} say for each service that does not say it itself, of all that is read. */
    private static final List<String> INHERITED = List.of("only_from", "no_access", "bind", "interface");

    private static final Pattern ATTRIBUTE = Pattern.compile("(?<name>\\w+)\\s*(?<operator>[+-]?=)\\s*(?<values>.*)");
    private static final Pattern WORD = Pattern.compile("\\S+");

    private static final class Service {
        private final Word name;
        private final Map<String, List<Word>> attributes = new LinkedHashMap<>();

        private Service(Word name) {
            this.name = name;
        }

        private List<Word> values(String attribute) {
            return attributes.getOrDefault(attribute, List.of());
        }

        private boolean says(String attribute, String value) {
            return values(attribute).stream().anyMatch(word -> word.text().equalsIgnoreCase(value));
        }
    }

    private final Draft draft = new Draft();
    private final List<Service> services = new ArrayList<>();
    private Service defaults = new Service(new Word("defaults", 1, 1));
    private @Nullable Service open;

    private Xinetd() {}

    static Draft draft(String text) throws ImportException {
        Xinetd xinetd = new Xinetd();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            String bare = line.strip();
            if (!bare.isEmpty() && !bare.startsWith("#")) {
                xinetd.line(bare, number, line.indexOf(bare) + 1);
            }
        }
        if (xinetd.open != null) {
            throw new ImportException(xinetd.open.name, "a brace that is never closed; close it");
        }
        return xinetd.routes();
    }

    private void line(String line, int number, int column) throws ImportException {
        Word at = new Word(line, number, column);
        String[] words = line.split("\\s+", -1);
        Service service = open;
        if (line.equals("{")) {
            return;
        }
        if (service == null && (words[0].equals("service") || words[0].equals("defaults"))) {
            if (words[0].equals("defaults")) {
                defaults = new Service(at.with("defaults"));
                open = defaults;
            } else {
                open = new Service(at.with(words.length < 2 ? "service" : words[1]));
            }
        } else if (service == null && words[0].startsWith("include")) {
            draft.lose(at, "", "import the files that it names as well");
        } else if (service != null && line.equals("}")) {
            if (service != defaults) {
                INHERITED.forEach(name -> service.attributes.computeIfAbsent(name, defaults.attributes::get));
                services.add(service);
            }
            open = null;
        } else if (service != null) {
            attribute(service, at);
        } else {
            throw new ImportException(at, "expected \"service NAME\" and attributes in braces");
        }
    }

    private void attribute(Service service, Word at) throws ImportException {
        Matcher attribute = ATTRIBUTE.matcher(at.text());
        if (!attribute.matches()) {
            throw new ImportException(at, "expected an attribute such as port = 443");
        }
        List<Word> values = new ArrayList<>();
        Matcher word = WORD.matcher(attribute.group("values"));
        while (word.find()) {
            values.add(new Word(word.group(), at.line(), at.column() + attribute.start("values") + word.start()));
        }
        String name = attribute.group("name");
        List<Word> all = service.attributes.computeIfAbsent(name, _ -> new ArrayList<>(defaults.values(name)));
        switch (attribute.group("operator")) {
            case "+=" -> all.addAll(values);
            case "-=" -> all.removeIf(had -> values.stream().anyMatch(value -> value.is(had.text())));
            default -> {
                all.clear();
                all.addAll(values);
            }
        }
    }

    private Draft routes() throws ImportException {
        List<Service> redirects = new ArrayList<>();
        defaults.attributes.keySet().stream()
                .filter(name -> !UNDERSTOOD.contains(name))
                .forEach(name -> unlike(defaults, name));
        for (Service service : services) {
            if (service.values("redirect").isEmpty()) {
                draft.lose(service.name, "", "has no redirect: it stays with xinetd");
            } else if (isDisabled(service)) {
                draft.lose(service.name, "", "is disabled, and left out");
            } else if (service.says("protocol", "udp") || service.says("socket_type", "dgram")) {
                draft.lose(service.name, "", "portshare is for TCP");
            } else if (service.attributes.containsKey("only_from")
                    && service.values("only_from").isEmpty()) {
                draft.lose(service.name, "", "lets nobody in (only_from), and is left out");
            } else {
                redirects.add(service);
                draft.listen(address(service));
            }
        }
        for (Service service : redirects) {
            redirect(service);
        }
        return draft;
    }

    private boolean isDisabled(Service service) {
        return service.says("disable", "yes")
                || defaults.says("disabled", service.name.text())
                || (defaults.attributes.containsKey("enabled") && !defaults.says("enabled", service.name.text()));
    }

    /** Of IPv4 alone, unless the flags say IPv6, which is both. */
    private static String address(Service service) throws ImportException {
        List<Word> ports = service.values("port");
        Word port = ports.isEmpty() ? service.name : ports.getFirst();
        List<Word> hosts = service.values("bind").isEmpty() ? service.values("interface") : service.values("bind");
        if (!hosts.isEmpty()) {
            return hosts.getFirst().listener(port);
        }
        return service.says("flags", "IPv6")
                ? ":" + Ports.number(port)
                : port.with("0.0.0.0").listener(port);
    }

    private void redirect(Service service) throws ImportException {
        List<Word> redirect = service.values("redirect");
        if (redirect.size() != 2) {
            throw new ImportException(redirect.getFirst(), "\"redirect\" has a host and a port; write both");
        }
        Draft.Route route = draft.route(service.name.text(), redirect.get(0).backend(redirect.get(1)));
        if (draft.listening().size() > 1) {
            route.when("listener", List.of(address(service)));
        }
        List<Word> only = service.values("only_from");
        route.when("from", blocks(route, only));
        route.not("from", blocks(route, service.values("no_access")));
        if (!only.isEmpty() && !service.values("no_access").isEmpty()) {
            route.note(
                    "xinetd asks which of only_from and no_access fits an address more closely; here no_access always"
                            + " wins.");
        }
        service.attributes.keySet().stream()
                .filter(name -> !UNDERSTOOD.contains(name))
                .forEach(name -> unlike(service, name));
        service.values("flags").stream()
                .filter(flag -> !flag.text().matches("IPv[46]|REUSE|NODELAY|KEEPALIVE"))
                .forEach(flag -> draft.unlike(flag, "of service " + service.name.text(), "portshare has no such flag"));
    }

    /** The addresses as blocks; of those that are no addresses, a note. */
    private List<String> blocks(Draft.Route route, List<Word> addresses) throws ImportException {
        List<String> blocks = new ArrayList<>();
        for (Word address : addresses) {
            List<String> found = blocks(address);
            if (found.isEmpty()) {
                route.note("Not taken over: " + address.text() + " in line " + address.line()
                        + ", since portshare looks no client's name up. Write its addresses.");
            }
            blocks.addAll(found);
        }
        if (blocks.isEmpty() && !addresses.isEmpty()) {
            throw new ImportException(addresses.getFirst(), "no address among these; write one, such as 192.0.2.0/24");
        }
        return blocks;
    }

    /** An address or block, zeros at whose end are wildcards, or several in braces. */
    private static List<String> blocks(Word address) {
        String text = address.text();
        Matcher several =
                Pattern.compile("(?<start>[0-9.]*)\\{(?<ends>[0-9,]+)}").matcher(text);
        if (several.matches()) {
            return Pattern.compile(",")
                    .splitAsStream(several.group("ends"))
                    .flatMap(end -> blocks(address.with(padded(several.group("start") + end))).stream())
                    .toList();
        }
        boolean isIpv4 = text.matches("[0-9]+(\\.[0-9]+){3}");
        String block = isIpv4 ? text + "/" + (32 - 8 * zeros(text)) : text;
        try {
            return List.of(Cidr.parse(block).toString());
        } catch (IllegalArgumentException _) {
            return List.of();
        }
    }

    /** With as many zeros as an address lacks. */
    private static String padded(String start) {
        int parts = start.split("\\.", -1).length;
        return start + IntStream.range(parts, 4).mapToObj(_ -> ".0").collect(Collectors.joining());
    }

    private static int zeros(String address) {
        Matcher zeros = Pattern.compile("(\\.0)*$").matcher(address);
        int count = zeros.find() ? zeros.group().length() / 2 : 0;
        return address.startsWith("0.0.0.0") ? 4 : count;
    }

    private void unlike(Service service, String name) {
        String values = service.values(name).stream().map(Word::text).collect(Collectors.joining(" "));
        Function<Word, Word> named = word -> word.with(name + " = " + values);
        Word at = service.values(name).isEmpty()
                ? service.name
                : service.values(name).getFirst();
        draft.unlike(
                named.apply(at),
                "of " + (service.name.is("defaults") ? "defaults" : "service " + service.name.text()),
                UNLIKE.getOrDefault(name, "portshare has no such attribute"));
    }
}
