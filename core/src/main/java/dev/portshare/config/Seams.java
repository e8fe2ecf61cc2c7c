package dev.portshare.config;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Facts;
import dev.portshare.route.Proofs;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.route.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds by what a stranger could tell a front with OpenVPN keys from the web server behind it. docs/stealth.md tells why. */
final class Seams {
    private Seams() {}

    /** Advice on {@code configuration}, where it has keys, and takes no OpenVPN without. */
    static List<Finding> of(Configuration configuration) {
        List<Route> routes = configuration.routes();
        if (!Proofs.areRequired(routes)) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        RouteTable table = new RouteTable(routes);
        for (ListenAddress address : configuration.listen()) {
            String listener = address.toString();
            if (leads(table, Detectors.OPENVPN, listener) == null
                    || leads(table, Detectors.UNRECOGNISED, listener) == null) {
                findings.add(new Finding(
                        Severity.ADVICE,
                        "routes",
                        "on " + listener
                                + " whoever has no openvpn-key is closed at once, as no web server does; end the"
                                + " list with a route that has no \"when\" and leads to a web server"));
            } else if (!configuration.timeouts().silent().isZero()) {
                findings.add(new Finding(
                        Severity.ADVICE,
                        "timeouts.silent",
                        "a client that says nothing reaches the web server late, which shows; write silent: 0s, and it"
                                + " is connected there at once, until its first bytes decide otherwise"));
                break;
            }
        }
        return findings;
    }

    /** The route that leads an unknown client of {@code protocol} to a backend; null: none does. */
    private static @Nullable Route leads(RouteTable table, String protocol, String listener) {
        Route route = table.decide(new Facts(Detection.Match.of(protocol), null, listener));
        return route != null && route.to() instanceof Target.Forward ? route : null;
    }
}
