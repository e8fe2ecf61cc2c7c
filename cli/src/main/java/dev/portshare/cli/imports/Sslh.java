package dev.portshare.cli.imports;

import dev.portshare.cli.imports.Libconfig.Group;
import dev.portshare.cli.imports.Libconfig.Items;
import dev.portshare.cli.imports.Libconfig.Setting;
import dev.portshare.cli.imports.Libconfig.Value;
import dev.portshare.cli.imports.SslhProbes.Probe;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Backend;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configuration of sslh: {@code sslh.cfg}, or its options in {@code /etc/default/sslh}. */
final class Sslh {
    private static final String RUNS_OTHERWISE = "portshare runs in the foreground, under systemd or the like";
    private static final String LOGS = "portshare logs a line a connection";
    static final String TRANSPARENT = "transparent";
    private static final String UDP = "portshare is for TCP";

    /** What sslh can be told that has no equal, by its setting or long option, and why. */
    static final Map<String, String> UNLIKE = Map.ofEntries(
            Map.entry("verbose", LOGS),
            Map.entry("numeric", "portshare logs addresses, and looks no client up"),
            Map.entry("foreground", RUNS_OTHERWISE),
            Map.entry("background", RUNS_OTHERWISE),
            Map.entry("inetd", RUNS_OTHERWISE),
            Map.entry("pidfile", RUNS_OTHERWISE),
            Map.entry("chroot", "portshare needs no files once it runs; its unit hides the others"),
            Map.entry("user", "the unit says under which user portshare runs"),
            Map.entry("syslog_facility", LOGS + ", to its standard output"),
            Map.entry("logfile", LOGS + ", to its standard output"),
            Map.entry("proxyprotocol", "write \"proxy-protocol: v1\" or v2 into the routes whose backends read it"),
            Map.entry("service", "no hosts.allow and hosts.deny (libwrap): write \"when: {from: ...}\""),
            Map.entry("fork", "portshare has one process for all connections"),
            Map.entry("tfo_ok", "portshare does no TCP Fast Open"),
            Map.entry("log_level", LOGS),
            Map.entry("minlength", "portshare waits until it knows, however the bytes are cut"),
            Map.entry("max_connections", "portshare does not limit connections by route"),
            Map.entry("udp_max_connections", UDP),
            Map.entry("udp_timeout", UDP));

    /** What is read, or what portshare does anyway: keep-alive, and names looked up when it connects. */
    private static final Set<String> UNDERSTOOD = Set.of(
            "keepalive",
            "resolve_on_forward",
            "name",
            "host",
            "port",
            "sni_hostnames",
            "alpn_protocols",
            "regex_patterns",
            "is_udp",
            "is_unix",
            TRANSPARENT);

    private final Draft draft = new Draft();
    private final SslhProbes probes = new SslhProbes(draft);

    private Sslh() {}

    static Draft draft(String text) throws ImportException {
        return text.lines().anyMatch(line -> line.strip().startsWith("DAEMON_OPTS="))
                ? SslhOptions.draft(text)
                : new Sslh().file(Libconfig.parse(text));
    }

    private Draft file(Group file) throws ImportException {
        for (Setting setting : file.settings()) {
            switch (setting.name().text()) {
                case "listen" -> entries(setting, this::listen);
                case "protocols" -> entries(setting, this::protocol);
                case "on-timeout", "on_timeout" ->
                    probes.onTimeout(setting.word().text());
                case "timeout" -> silent(draft, setting.word());
                case TRANSPARENT -> {
                    if (isTrue(file, TRANSPARENT)) {
                        draft.transparency().all();
                    }
                }
                default -> unlike(setting, "");
            }
        }
        probes.write();
        return draft;
    }

    /** How long a client may say nothing: whole seconds. */
    static void silent(Draft draft, Word seconds) throws ImportException {
        if (!seconds.text().matches("[0-9]{1,7}")) {
            throw new ImportException(seconds, "expected a number of seconds, such as 2");
        }
        draft.timeout("silent", seconds.text() + "s");
    }

    private interface Entry {
        void read(Group group) throws ImportException;
    }

    private static void entries(Setting setting, Entry entry) throws ImportException {
        if (!(setting.value() instanceof Items items)) {
            throw new ImportException(
                    setting.value().at(), "expected a list such as ( { host: \"0.0.0.0\"; port: \"443\"; } )");
        }
        for (Value value : items.values()) {
            if (!(value instanceof Group group)) {
                throw new ImportException(
                        value.at(), "expected settings in braces, such as { host: \"0.0.0.0\"; port: \"443\"; }");
            }
            entry.read(group);
        }
    }

    private void listen(Group group) throws ImportException {
        if (isUdp(group)) {
            draft.lose(group.at().with("a UDP listener"), "", UDP);
            return;
        }
        Word host = require(group, "host");
        String address = isUnix(group)
                ? host.with(Backend.Unix.PREFIX + host.text())
                        .read(ListenAddress::parse)
                        .toString()
                : host.listener(require(group, "port"));
        draft.listen(address);
        for (Setting setting : group.settings()) {
            if (!UNDERSTOOD.contains(setting.name().text())) {
                unlike(setting, " of listener " + address);
            }
        }
    }

    private void protocol(Group group) throws ImportException {
        Word name = require(group, "name");
        if (isUdp(group)) {
            draft.lose(name, "over UDP", UDP);
            return;
        }
        Word host = require(group, "host");
        String backend = isUnix(group)
                ? host.with(Backend.Unix.PREFIX + host.text())
                        .read(Backend::parse)
                        .toString()
                : host.backend(require(group, "port"));
        if (isTrue(group, TRANSPARENT)) {
            draft.transparency().of(backend);
        }
        List<Word> patterns = group.words("regex_patterns");
        boolean takesAll = SslhProbes.takesAll(name)
                || patterns.stream().anyMatch(pattern -> pattern.text().isEmpty() || pattern.is(".*"));
        if (!patterns.isEmpty() && !takesAll) {
            draft.lose(name, "regex_patterns", "routes ask for protocols and names, not for bytes");
        }
        probes.add(new Probe(name, backend, group.words("sni_hostnames"), group.words("alpn_protocols"), takesAll));
        for (Setting setting : group.settings()) {
            if (!UNDERSTOOD.contains(setting.name().text())) {
                unlike(setting, " of protocol " + name.text());
            }
        }
    }

    private static boolean isUdp(Group group) throws ImportException {
        return isTrue(group, "is_udp");
    }

    private static boolean isUnix(Group group) throws ImportException {
        return isTrue(group, "is_unix");
    }

    private static boolean isTrue(Group group, String name) throws ImportException {
        return group.word(name)
                .map(word -> word.text().equalsIgnoreCase("true"))
                .orElse(false);
    }

    private static Word require(Group group, String name) throws ImportException {
        return group.word(name)
                .orElseThrow(
                        () -> new ImportException(group.at(), "no \"" + name + "\" between these braces; write one"));
    }

    /** Tells of a setting that has no equal, but not where it says that the thing is off. */
    private void unlike(Setting setting, String of) {
        String value = setting.shown();
        String name = setting.name().text();
        if (!value.equalsIgnoreCase("false")) {
            String why =
                    UNLIKE.getOrDefault(name.startsWith("verbose") ? "verbose" : name, "portshare has no such setting");
            draft.unlike(setting.name(), value + of, why);
        }
    }
}
