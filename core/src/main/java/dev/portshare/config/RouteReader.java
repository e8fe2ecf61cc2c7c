package dev.portshare.config;

import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.route.AccessList;
import dev.portshare.route.Backend;
import dev.portshare.route.Condition;
import dev.portshare.route.HandshakeTerms;
import dev.portshare.route.Health;
import dev.portshare.route.InnerRoutes;
import dev.portshare.route.Journal;
import dev.portshare.route.ProofTerms;
import dev.portshare.route.ProxyProtocol;
import dev.portshare.route.Route;
import dev.portshare.route.Source;
import dev.portshare.route.Target;
import dev.portshare.route.Termination;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code routes:}. */
final class RouteReader {
    static final YamlKeys KEYS = new YamlKeys(
            List.of(
                    "name",
                    "when",
                    "to",
                    "tls",
                    "then",
                    "balance",
                    "health",
                    "allow",
                    "deny",
                    "proxy-protocol",
                    "source",
                    "journal",
                    "journal-format",
                    "idle"),
            Set.of());

    /** The keys of a route inside of TLS; apart, since most files have none. */
    static final class Inner {
        static final YamlKeys KEYS = RouteReader.KEYS.without("then");

        /** What says something of a backend, and so stands there where a route looks inside. */
        static final List<String> OF_BACKENDS =
                List.of("to", "balance", "health", "proxy-protocol", "source", "journal", "journal-format", "idle");

        private Inner() {}
    }

    /** Without brackets, so that no name is another route's default name, {@code routes[2]}. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private static final String NO_FURTHER = "nobody who is rejected gets any further; leave it out";

    private final ConditionReader conditions;
    /** Where each name stands that a route was given. */
    private final Map<String, YamlValue> names = new HashMap<>();

    private final Path directory;

    private RouteReader(ConditionReader conditions, Path directory) {
        this.conditions = conditions;
        this.directory = directory;
    }

    /**
     * The routes in their order, without those that are a problem.
     *
     * @param directory what {@code ./} in them means
     */
    static List<Route> read(YamlValue value, ConditionReader conditions, Path directory) {
        RouteReader reader = new RouteReader(conditions, directory);
        List<Route> routes = new ArrayList<>();
        for (YamlValue entry : value.list("a list of routes")) {
            YamlFields fields = entry.fields("a route such as {to: 127.0.0.1:8443}", KEYS);
            if (fields != null) {
                reader.route(entry.path(), fields, routes);
            }
        }
        return routes;
    }

    private void route(String defaultName, YamlFields fields, List<Route> routes) {
        YamlValue named = fields.get("name");
        String name = named == null ? defaultName : name(named);
        YamlValue when = fields.get("when");
        Condition condition = when == null ? Condition.ANY : conditions.read(when);
        YamlValue secured = fields.get("tls");
        TlsReader.Tls tls = secured == null ? null : secrets().read(secured);
        Termination ending = tls == null ? null : tls.ends();
        YamlValue then = fields.get("then");
        Target target = then == null ? TargetReader.read(fields) : inside(then, fields, tls, secured);
        if (ending != null) {
            condition = TlsFit.ofTls(condition, when);
        }
        if (tls != null && secured != null && target != null) {
            TlsFit.check(secured, tls, target);
        }
        add(name, condition, target, fields, tls, routes);
    }

    private void add(
            @Nullable String name,
            Condition condition,
            @Nullable Target target,
            YamlFields fields,
            TlsReader.@Nullable Tls tls,
            List<Route> routes) {
        YamlValue header = fields.get("proxy-protocol");
        YamlValue from = fields.get("source");
        YamlValue idle = fields.get("idle");
        Journal journal = journal(fields, target);
        AccessList clients = clients(fields, target);
        if (from != null && target != null && leadsToUnix(target)) {
            from.problem("connections to a Unix socket come from no address; leave it out");
        }
        YamlValue health = fields.get("health");
        if (health != null && target instanceof Target.Forward forward) {
            fit(health, forward, condition);
        }
        if (name != null && target != null) {
            routes.add(new Route(
                    name,
                    condition,
                    target,
                    header == null ? null : ofBackend(header, target, "v1, v2 or v2-crc32c", ProxyProtocol::parse),
                    from == null ? null : ofBackend(from, target, "transparent, mapped or an address", Source::parse),
                    journal,
                    clients,
                    idle == null ? null : ofBackend(idle, target, "a duration such as 1h", Durations::parse),
                    tls == null ? null : tls.ends(),
                    tls == null ? null : tls.begins()));
        }
    }

    private TlsReader secrets() {
        return new TlsReader(new CertificateReader(
                directory,
                conditions.blocks().sources(),
                conditions.openVpnKeys().findings()));
    }

    /** Where {@code then} leads; null: a problem. */
    private @Nullable Target inside(
            YamlValue then, YamlFields fields, TlsReader.@Nullable Tls tls, @Nullable YamlValue secured) {
        for (String key : Inner.OF_BACKENDS) {
            YamlValue value = fields.get(key);
            if (value != null) {
                value.problem("where there is \"then\", this stands in the routes under it; write it there");
            }
        }
        if (secured == null || tls != null && tls.ends() == null) {
            then.problem("nobody can look inside of TLS that is not ended; write tls: {certificate: FILE, key: FILE}");
        } else if (tls != null && tls.begins() != null) {
            secured.problem("to-backend stands in the routes under \"then\"; write it there");
        }
        List<Route> routes = new ArrayList<>();
        List<HandshakeTerms> terms = new ArrayList<>();
        for (YamlValue entry : then.list("a list of routes")) {
            YamlFields inner = entry.fields("a route such as {to: 127.0.0.1:22}", Inner.KEYS);
            if (inner != null) {
                inner(entry.path(), inner, tls, routes, terms);
            }
        }
        return routes.isEmpty() ? null : new Target.Inside(new InnerRoutes(routes, terms));
    }

    private void inner(
            String defaultName,
            YamlFields fields,
            TlsReader.@Nullable Tls outer,
            List<Route> routes,
            List<HandshakeTerms> terms) {
        YamlValue named = fields.get("name");
        String name = named == null ? defaultName : name(named);
        YamlValue when = fields.get("when");
        InnerCondition condition = when == null ? InnerCondition.ANY : conditions.readInner(when);
        Termination ending = outer == null ? null : outer.ends();
        if (when != null && ending != null) {
            TlsFit.checkTold(when, condition.handshake(), ending);
        }
        YamlValue secured = fields.get("tls");
        TlsReader.Tls tls = secured == null ? null : secrets().read(secured);
        Target target = TargetReader.read(fields);
        if (secured != null && tls != null && tls.ends() != null) {
            secured.problem("TLS within TLS is not ended; leave the certificate out");
        } else if (secured != null && tls != null && target != null) {
            TlsFit.check(secured, tls, target);
        }
        int before = routes.size();
        add(name, condition.bytes(), target, fields, tls, routes);
        if (routes.size() > before) {
            terms.add(condition.handshake());
        }
    }

    /** Refuses a check that no backend of {@code target} could pass. */
    private static void fit(YamlValue value, Target.Forward target, Condition condition) {
        Health.Check check = target.health() == null ? null : target.health().check();
        if (check == null) {
            return;
        }
        ProofTerms proof = condition.proof();
        if (check.kind() == Health.Kind.OPENVPN
                && proof != null
                && !proof.keys().isEmpty()
                && proof.keys().stream().noneMatch(OpenVpnKey::isAnswered)) {
            value.problem("two peers with a static key (secret) answer no first packet; write check: tcp");
        }
        for (Backend backend : target.backends()) {
            if (backend instanceof Backend.Unix(String path) && path.startsWith("@")) {
                value.problem("a check cannot connect to an abstract socket such as " + backend
                        + "; have the backend listen on a path, or leave out check");
            }
        }
    }

    /** What is read of a key that a route to a backend may have; null where it is a problem. */
    private static <T> @Nullable T ofBackend(
            YamlValue value, @Nullable Target target, String expected, Function<String, T> parse) {
        if (target instanceof Target.Reject) {
            value.problem("a connection that is rejected has no backend to be told of it; leave it out");
            return null;
        }
        return value.read(expected, parse);
    }

    /** Who gets to the backend; null: everybody. */
    private @Nullable AccessList clients(YamlFields fields, @Nullable Target target) {
        YamlValue allow = fields.get("allow");
        YamlValue deny = fields.get("deny");
        if (allow != null && target instanceof Target.Reject) {
            allow.problem(NO_FURTHER);
        }
        if (deny != null && target instanceof Target.Reject) {
            deny.problem(NO_FURTHER);
        }
        BlockReader blocks = conditions.blocks();
        return allow == null && deny == null
                ? null
                : new AccessList(
                        allow == null ? null : blocks.readAll(allow), deny == null ? null : blocks.readAll(deny));
    }

    private @Nullable Journal journal(YamlFields fields, @Nullable Target target) {
        YamlValue value = fields.get("journal");
        YamlValue formatted = fields.get("journal-format");
        if (value == null) {
            if (formatted != null) {
                formatted.problem("there is no journal; write its directory, as in journal: /run/portshare/journal");
            }
            return null;
        }
        Path path = ofBackend(
                value,
                target,
                "a directory",
                word -> Paths.directory(word, directory, "/run/portshare/journal", "./journal"));
        Journal.Format format =
                formatted == null ? null : ofBackend(formatted, target, "openvpn or plain", Journal.Format::parse);
        if (target != null && leadsToUnix(target)) {
            value.problem("connections to a Unix socket have no address to be told by; leave it out");
        }
        return path == null ? null : new Journal(path, Objects.requireNonNullElse(format, Journal.Format.OPENVPN));
    }

    private @Nullable String name(YamlValue value) {
        String name = value.read("a name", RouteReader::checkedName);
        YamlValue first = name == null ? null : names.putIfAbsent(name, value);
        if (first != null) {
            value.problem("duplicate route name \"" + name + "\"; the first is in line " + first.line());
        }
        return name;
    }

    private static String checkedName(String word) {
        if (!NAME.matcher(word).matches()) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no route name; write letters, digits, \".\", \"_\" and \"-\"");
        }
        return word;
    }

    private static boolean leadsToUnix(Target target) {
        return target.backends().stream().anyMatch(Backend.Unix.class::isInstance);
    }
}
