package dev.portshare.cli;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Finding;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Sources;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Proofs;
import dev.portshare.route.Route;
import dev.portshare.session.Timeouts;
import dev.portshare.telemetry.LogOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Where connections go: a route file, or route options, which become the routes in the order given. There is one for each
 * protocol that is known, so that a new detector brings its own.
 */
final class RouteOptions {
    static final String OTHERWISE = "otherwise";
    static final String OPENVPN_KEY = "openvpn-key";
    /** The options that the help describes; it names the others in a line, so that it still fits a terminal. */
    private static final List<String> DESCRIBED = List.of(
            Detectors.OPENVPN, OPENVPN_KEY, Detectors.TLS, Detectors.HTTP, Detectors.SSH, Detectors.SILENT, OTHERWISE);

    /** An option and its value. */
    record Given(String word, String value) {}

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
        List<Route> routes = new GivenRoutes(sources, mistakes, findings).of(given);
        Configuration configuration = new Configuration(
                addresses(),
                Map.of(),
                List.of(),
                null,
                List.of(),
                routes,
                timeouts(routes),
                null,
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
                        defaults.halfClosed(),
                        defaults.lost(),
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
}
