package dev.portshare.cli.imports;

import dev.portshare.cli.imports.SniproxySyntax.Statement;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.AddressRange;
import dev.portshare.route.Backend;
import dev.portshare.route.Source;
import dev.portshare.route.Target;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The configuration of sniproxy: {@code sniproxy.conf}. */
final class Sniproxy {
    private static final Map<String, String> UNLIKE = Map.of(
            "username", "the unit says under which user portshare runs",
            "groupname", "the unit says under which group portshare runs",
            "pidfile", "portshare runs in the foreground, under systemd or the like",
            "error_log", "portshare logs to its standard output",
            "access_log", "portshare logs a line a connection to its standard output",
            "resolver", "portshare asks the system's resolver, for both address families",
            "reuseport", "portshare has all its event loops on one socket",
            "bad_requests", "portshare logs what each connection was taken for");

    /**
     * A listener.
     *
     * @param key what its tables name: {@code sni}, or {@code host}
     */
    private record Listener(
            Statement statement,
            String address,
            String key,
            @Nullable Word table,
            @Nullable Word fallback,
            @Nullable Word source) {}

    private final Draft draft = new Draft();
    private final Map<String, Statement> tables = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();

    private Sniproxy() {}

    static Draft draft(String text) throws ImportException {
        Sniproxy sniproxy = new Sniproxy();
        List<Statement> statements = SniproxySyntax.parse(text);
        for (Statement statement : statements) {
            if (statement.is("table")) {
                sniproxy.tables.put(
                        statement.words().size() > 1 ? statement.value().text() : "default", statement);
            }
        }
        for (Statement statement : statements) {
            if (statement.is("listener")) {
                sniproxy.listener(statement);
            } else if (!statement.is("table")) {
                sniproxy.unlike(statement, "");
            }
        }
        for (Listener listener : sniproxy.listeners) {
            sniproxy.routes(listener);
        }
        return sniproxy.draft;
    }

    private void listener(Statement statement) throws ImportException {
        Word table = null;
        Word fallback = null;
        Word source = null;
        String key = "sni";
        boolean isIpv6Only = false;
        List<Statement> others = new ArrayList<>();
        for (Statement line : statement.block()) {
            if (line.is("protocol")) {
                key = "http".startsWith(line.value().text()) ? "host" : "sni";
            } else if (line.is("table")) {
                table = line.value();
            } else if (line.is("fallback")) {
                fallback = line.value();
            } else if (line.is("source")) {
                source = line.value();
            } else if (line.is("ipv6_v6only")) {
                isIpv6Only = !line.value().is("no");
            } else {
                others.add(line);
            }
        }
        Word address = statement.value();
        String listen = address(address, isIpv6Only);
        draft.listen(listen);
        listeners.add(new Listener(statement, listen, key, table, fallback, source));
        others.forEach(line -> unlike(line, " of listener " + listen));
    }

    /** Every address of IPv6 is, in sniproxy, every one of IPv4 as well. */
    private static String address(Word address, boolean isIpv6Only) throws ImportException {
        String text = address.text();
        boolean isBoth = !isIpv6Only && text.startsWith("[::]:");
        return address.with(isBoth ? text.substring("[::]:".length()) : text)
                .read(ListenAddress::parse)
                .toString();
    }

    private void routes(Listener listener) throws ImportException {
        Word name = listener.table();
        Statement table = tables.get(name == null ? "default" : name.text());
        if (table == null && name != null) {
            throw new ImportException(name, "no table \"" + name.text() + "\" in this file; add it");
        }
        for (Statement line : table == null ? List.<Statement>of() : table.block()) {
            entry(listener, line);
        }
        if (listener.fallback() != null) {
            Backend backend = backend(listener, listener.fallback());
            from(here(draft.route("fallback", backend.toString()), listener), listener, backend)
                    .note("What asks for no name, or for none of the above: sniproxy's fallback.");
        }
    }

    private void entry(Listener listener, Statement line) throws ImportException {
        Word backend = line.value();
        SniproxyPattern pattern = SniproxyPattern.of(line.first());
        boolean isAnywhere = backend.is("*") || backend.text().startsWith("*:");
        Target target = isAnywhere ? new Target.Reject() : new Target.Forward(backend(listener, backend));
        Draft.Route route =
                here(draft.route(name(pattern), target.toString()), listener).when(listener.key(), pattern.patterns());
        if (!pattern.note().isEmpty()) {
            route.note(pattern.note());
        }
        for (Backend reached : target.backends()) {
            from(route, listener, reached);
        }
        if (isAnywhere) {
            route.note("sniproxy connects to whatever name the client asks for. portshare does not: it would be open to"
                    + " everybody. Name the servers in routes of their own in front of this one.");
        }
        if (line.words().size() > 2) {
            draft.unlike(
                    line.words().get(2),
                    "of " + line.first().text(),
                    "not in this version: the backend sees portshare's address instead of the client's");
        }
    }

    /** Where the listener says which address its connections come from. */
    private Draft.Route from(Draft.Route route, Listener listener, Backend backend) throws ImportException {
        Word source = listener.source();
        if (source == null || backend instanceof Backend.Unix) {
            return route;
        }
        if (source.is("client")) {
            draft.transparency().of(backend.toString());
            return route;
        }
        Source.Own own = source.read(Sniproxy::source);
        boolean isIpv4 = own.addresses().first().isIpv4();
        InetAddress literal = backend instanceof Backend.Tcp tcp ? tcp.literal() : null;
        if (literal != null && isIpv4 != literal instanceof Inet4Address) {
            draft.unlike(source, "of " + backend, "nothing comes from there to an address of the other family");
            return route;
        }
        return route.with("source", own.toString());
    }

    private static Source.Own source(String address) {
        String bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        return new Source.Own(AddressRange.parse(bare));
    }

    private Draft.Route here(Draft.Route route, Listener listener) {
        return draft.listening().size() > 1 ? route.when("listener", List.of(listener.address())) : route;
    }

    /** What is short and distinct in a log: the name, or where it ends. */
    private static String name(SniproxyPattern pattern) {
        String first = pattern.patterns().getFirst();
        return first.startsWith("/") ? "sni" : first.replaceFirst("^\\*\\.", "any.");
    }

    /** A backend without a port has the listener's. */
    private Backend backend(Listener listener, Word word) throws ImportException {
        String text = word.text();
        if (text.startsWith(Backend.Unix.PREFIX)) {
            return word.read(Backend::parse);
        }
        boolean hasPort = text.startsWith("[")
                ? text.contains("]:")
                : text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
        if (hasPort) {
            return word.read(Backend::parse);
        }
        String host = text.indexOf(':') >= 0 && !text.startsWith("[") ? "[" + text + "]" : text;
        String listen = listener.address();
        String port = listen.startsWith(Backend.Unix.PREFIX) ? "443" : listen.substring(listen.lastIndexOf(':') + 1);
        return word.with(host + ":" + port).read(Backend::parse);
    }

    private void unlike(Statement statement, String of) {
        String why = UNLIKE.entrySet().stream()
                .filter(entry -> statement.is(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("portshare has no such setting");
        draft.unlike(statement.first(), statement.shown() + of, Objects.requireNonNull(why));
    }
}
