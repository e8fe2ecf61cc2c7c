package dev.portshare.cli;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Finding;
import dev.portshare.config.OpenVpnKeys;
import dev.portshare.config.OpenVpnServer;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Severity;
import dev.portshare.config.Sources;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Backend;
import dev.portshare.route.Condition;
import dev.portshare.route.ProofTerms;
import dev.portshare.route.Proofs;
import dev.portshare.route.Route;
import dev.portshare.route.ServerNamePattern;
import dev.portshare.route.ServerNameSet;
import dev.portshare.route.Target;
import dev.portshare.session.Timeouts;
import dev.portshare.telemetry.LogOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Where connections go: a route file, or route options, which become the routes in the order given. There is one for each
 * protocol that is known, so that a new detector brings its own.
 */
final class RouteOptions {
    private static final String OTHERWISE = "otherwise";
    private static final String OPENVPN_KEY = "openvpn-key";
    /** The options that the help describes; it names the others in a line, so that it still fits a terminal. */
    private static final List<String> DESCRIBED = List.of(
            Detectors.OPENVPN, OPENVPN_KEY, Detectors.TLS, Detectors.HTTP, Detectors.SSH, Detectors.SILENT, OTHERWISE);

    private record Given(String word, String value) {}

    private final OptionSpec config = OptionSpec.builder("--config")
            .paramLabel("FILE")
            .description("the route file, instead of --listen and routes")
            .type(Path.class)
            .order(1)
            .build();
    private final OptionSpec listen = OptionSpec.builder("--listen")
            .paramLabel("ADDR")
            .description("443 (both address families), 127.0.0.1:443, [::1]:443, unix:/path, systemd:NAME; repeatable")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .order(2)
            .build();
    private final List<Given> given = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Sources sources = new Sources();

    /** Gives {@code command} these options. */
    void addTo(CommandSpec command) {
        command.addOption(config);
        command.addOption(listen);
        int order = 10;
        for (NamedDetector row : Detectors.BUILTIN) {
            boolean named = row.name().equals(Detectors.TLS);
            add(
                    command,
                    order++,
                    row.name(),
                    named ? "[NAME=]BACKEND" : "BACKEND",
                    named ? row.backend() + ", for this server name or for all; repeatable" : row.backend());
            if (row.name().equals(Detectors.OPENVPN)) {
                add(
                        command,
                        order++,
                        OPENVPN_KEY,
                        "FILE",
                        "that server's configuration: who does not prove its key finds no OpenVPN");
            }
        }
        command.usageMessage().footer(footer(command.usageMessage().footer()));
        add(command, order++, Detectors.SILENT, "BACKEND", "for clients that send nothing for 3 seconds");
        add(command, order, OTHERWISE, "BACKEND", "for all that is left, wherever this option stands");
    }

    private static String[] footer(String[] own) {
        StringBuilder others = new StringBuilder("One for each other protocol, with a BACKEND:");
        for (NamedDetector row : Detectors.BUILTIN) {
            if (!DESCRIBED.contains(row.name())) {
                others.append(" --").append(row.name());
            }
        }
        String[] footer = new String[own.length + 2];
        footer[0] = "";
        footer[1] = others.append('.').toString();
        System.arraycopy(own, 0, footer, 2, own.length);
        return footer;
    }

    private void add(CommandSpec command, int order, String word, String label, String description) {
        command.addOption(OptionSpec.builder("--" + word)
                .paramLabel(label)
                .description(description)
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .order(order)
                .hidden(!DESCRIBED.contains(word))
                .parameterConsumer((values, _, _) -> given.add(new Given(word, values.pop())))
                .build());
    }

    /** Whether anything says where connections go. */
    boolean isGiven() {
        return config.getValue() != null || !given.isEmpty() || !listening().isEmpty();
    }

    /** The route file; null where route options say it all. */
    @Nullable
    Path file() {
        return config.getValue();
    }

    /** What has been read for {@link #configuration}. */
    Sources sources() {
        return sources;
    }

    /** Whether one route may take what another would: of options, those without server names exclude each other. */
    boolean mayOverlap() {
        for (Given option : given) {
            if (option.value.indexOf('=') >= 0 || option.word.equals(OPENVPN_KEY)) {
                return true;
            }
        }
        return file() != null;
    }

    /**
     * What the options or the route file say.
     *
     * @param serves whether something will listen: then {@code --listen} and a route are needed
     * @throws ParameterException     where the options are wrong, with a line for each mistake
     * @throws ConfigurationException where the route file is wrong
     */
    Configuration configuration(CommandSpec command, boolean serves) throws ConfigurationException {
        Path file = file();
        if (file != null) {
            if (!given.isEmpty() || !listening().isEmpty()) {
                throw new ParameterException(
                        command.commandLine(),
                        "--config and route options exclude each other: write the routes into the file");
            }
            return RouteFile.read(file, sources);
        }
        List<Route> routes = routes();
        Configuration configuration = new Configuration(
                addresses(),
                Map.of(),
                List.of(),
                routes,
                timeouts(routes),
                null,
                LogOptions.DEFAULTS,
                null,
                false,
                null,
                false,
                findings);
        if (serves && listening().isEmpty()) {
            mistakes.addFirst("no address to listen on: give --listen 443, or --config FILE");
        }
        if (serves && given.isEmpty()) {
            mistakes.add("no route: give --openvpn BACKEND, --tls BACKEND or --otherwise BACKEND");
        }
        if (!mistakes.isEmpty()) {
            throw new ParameterException(command.commandLine(), String.join("\nportshare: ", mistakes));
        }
        return configuration;
    }

    /** Where OpenVPN is to be hidden, a silent client is the web server's from the start, and waits for nobody else. */
    private Timeouts timeouts(List<Route> routes) {
        Timeouts defaults = Timeouts.DEFAULTS;
        boolean hidden =
                Proofs.areRequired(routes) && given.stream().noneMatch(option -> option.word.equals(Detectors.SILENT));
        return hidden
                ? new Timeouts(
                        Duration.ZERO,
                        defaults.head(),
                        defaults.grace(),
                        defaults.connect(),
                        defaults.idle(),
                        defaults.drain())
                : defaults;
    }

    private List<String> listening() {
        List<String> addresses = listen.getValue();
        return addresses == null ? List.of() : addresses;
    }

    private List<ListenAddress> addresses() {
        // By their text: a record's own equals and hashCode are linked at their first use, which takes 10 ms.
        Map<String, ListenAddress> addresses = new LinkedHashMap<>();
        for (String text : listening()) {
            try {
                ListenAddress address = ListenAddress.parse(text);
                if (addresses.put(address.toString(), address) != null) {
                    mistakes.add("--listen " + text + " is given twice");
                }
            } catch (IllegalArgumentException e) {
                mistakes.add("--listen " + text + ": " + e.getMessage());
            }
        }
        return List.copyOf(addresses.values());
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        Route last = null;
        int openVpn = -1;
        Set<String> names = new LinkedHashSet<>();
        for (Given option : given) {
            if (option.word.equals(OPENVPN_KEY)) {
                if (openVpn < 0) {
                    mistakes.add(
                            "--openvpn-key " + option.value + ": write it behind the --openvpn BACKEND that it is of");
                } else {
                    routes.set(openVpn, proving(routes.get(openVpn), keys(option.value)));
                }
                continue;
            }
            try {
                Route route = route(option.word, option.value);
                if (option.word.equals(Detectors.OPENVPN)) {
                    // Several are told apart by their keys.
                    if (openVpn >= 0 && routes.get(openVpn).when().proof() != null) {
                        route = new Route(route.name() + "-" + (names.size() + 1), route.when(), route.to());
                    }
                    openVpn = routes.size();
                }
                if (!names.add(route.name())) {
                    mistakes.add(
                            "--" + option.word + " is given twice for the same connections: the second would get none");
                }
                if (option.word.equals(OTHERWISE)) {
                    last = route;
                } else {
                    routes.add(route);
                }
            } catch (IllegalArgumentException e) {
                mistakes.add("--" + option.word + " " + option.value + ": " + e.getMessage());
            }
        }
        if (last != null) {
            routes.add(last);
        }
        return routes;
    }

    /** The keys of the server whose configuration {@code file} is; none where it is a mistake. */
    private List<OpenVpnKey> keys(String file) {
        try {
            OpenVpnKeys keys = OpenVpnServer.keys(Path.of(file), sources);
            keys.warnings().forEach(text -> findings.add(new Finding(Severity.WARNING, "--" + OPENVPN_KEY, text)));
            return keys.keys();
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> mistakes.add("--" + OPENVPN_KEY + " " + problem));
            return List.of();
        }
    }

    /** {@code route}, for clients that hold one of {@code keys} besides those that it names. */
    private static Route proving(Route route, List<OpenVpnKey> keys) {
        List<OpenVpnKey> all = new ArrayList<>(keys);
        ProofTerms terms = route.when().proof();
        if (terms != null) {
            all.addAll(0, terms.keys());
        }
        return new Route(route.name(), route.when().withProof(new ProofTerms(all, null, null)), route.to());
    }

    private static Route route(String word, String value) {
        if (word.equals(OTHERWISE)) {
            return new Route(word, Condition.ANY, target(value));
        }
        int equals = value.indexOf('=');
        if (word.equals(Detectors.TLS) && equals >= 0) {
            ServerNamePattern name = ServerNamePattern.parse(value.substring(0, equals));
            Condition when = Condition.ANY.withServerNames(ServerNameSet.of(List.of(name)));
            return new Route(word + ":" + name, when, target(value.substring(equals + 1)));
        }
        return new Route(word, Condition.ANY.withProtocols(List.of(word)), target(value));
    }

    private static Target target(String backend) {
        return backend.equals("reject") ? new Target.Reject() : new Target.Forward(Backend.parse(backend));
    }
}
