package dev.portshare.cli;

import dev.portshare.cli.RouteOptions.Given;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Finding;
import dev.portshare.config.OpenVpnKeys;
import dev.portshare.config.OpenVpnServer;
import dev.portshare.config.Problem;
import dev.portshare.config.Severity;
import dev.portshare.config.Sources;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.route.Backend;
import dev.portshare.route.Condition;
import dev.portshare.route.ProofTerms;
import dev.portshare.route.Route;
import dev.portshare.route.ServerNamePattern;
import dev.portshare.route.ServerNameSet;
import dev.portshare.route.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the routes of route options, in the order given. */
final class GivenRoutes {
    private final Sources sources;
    private final List<String> mistakes;
    private final List<Finding> findings;
    private final List<Route> routes = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private @Nullable Route last;
    /** The place of the last OpenVPN server, and how many there are. */
    private int openVpn = -1;

    private int servers;

    /**
     * @param sources  gets each file that is read
     * @param mistakes gets a line for each
     * @param findings gets what is no mistake
     */
    GivenRoutes(Sources sources, List<String> mistakes, List<Finding> findings) {
        this.sources = sources;
        this.mistakes = mistakes;
        this.findings = findings;
    }

    /** The routes of {@code options}, without the mistakes; once. */
    List<Route> of(List<Given> options) {
        for (Given option : options) {
            if (option.word().equals(RouteOptions.OPENVPN_KEY)) {
                key(option.value());
            } else {
                add(option);
            }
        }
        if (last != null) {
            routes.add(last);
        }
        return routes;
    }

    private void add(Given option) {
        try {
            Route route = route(option.word(), option.value());
            if (option.word().equals(Detectors.OPENVPN)) {
                servers++;
                // Several are told apart by their keys.
                if (openVpn >= 0 && routes.get(openVpn).when().proof() != null) {
                    route = new Route(route.name() + "-" + servers, route.when(), route.to());
                }
                openVpn = routes.size();
            }
            if (!names.add(route.name())) {
                mistakes.add(
                        "--" + option.word() + " is given twice for the same connections: the second would get none");
            }
            if (option.word().equals(RouteOptions.OTHERWISE)) {
                last = route;
            } else {
                routes.add(route);
            }
        } catch (IllegalArgumentException e) {
            mistakes.add("--" + option.word() + " " + option.value() + ": " + e.getMessage());
        }
    }

    /** {@code file} is the configuration of the OpenVPN server that was named last. */
    private void key(String file) {
        if (openVpn < 0) {
            mistakes.add("--openvpn-key " + file + ": write it behind the --openvpn BACKEND that it is of");
            return;
        }
        try {
            OpenVpnKeys keys = OpenVpnServer.keys(Path.of(file), sources);
            for (String warning : keys.warnings()) {
                findings.add(new Finding(Severity.WARNING, "--openvpn-key", warning));
            }
            routes.set(openVpn, proving(routes.get(openVpn), keys.keys()));
        } catch (ConfigurationException e) {
            for (Problem problem : e.problems()) {
                mistakes.add("--openvpn-key: " + problem);
            }
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
        if (word.equals(RouteOptions.OTHERWISE)) {
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
