package dev.portshare.config;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.listen.Gate;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Facts;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.route.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds by what a stranger could open a gate, or tell that there is one. docs/gates.md tells why. */
final class GateFindings {
    /** What is shorter stands in the lists of names that scanners try. */
    private static final int SHORTEST = 10;

    private GateFindings() {}

    /** Advice on {@code configuration}, where it has gates. */
    static List<Finding> of(Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        for (int place = 0; place < configuration.gates().size(); place++) {
            Gate gate = configuration.gates().get(place);
            String path = "gate[" + place + "].sni";
            if (isGuessed(gate.serverName())) {
                findings.add(new Finding(
                        Severity.ADVICE,
                        path,
                        "is easily guessed by whoever tries names; begin it with a word of at least " + SHORTEST
                                + " letters and digits, such as knock-5f2c9a"));
            }
            for (Route route : configuration.routes()) {
                if (route.when().serverNames().names().stream()
                        .anyMatch(name -> name.toString().equals(gate.serverName()))) {
                    findings.add(new Finding(
                            Severity.ADVICE,
                            path,
                            "the route " + route.name() + " has it as well: a name that is served has a certificate,"
                                    + " and those are published (certificate transparency); write one that no server"
                                    + " has"));
                }
            }
        }
        again(configuration, findings);
        strangers(configuration, findings);
        return findings;
    }

    /** Tells where a further knock is taken by what the one before has opened. */
    private static void again(Configuration configuration, List<Finding> findings) {
        RouteTable table = new RouteTable(configuration.routes());
        String listener = configuration.listen().getFirst().toString();
        for (int place = 0; place < configuration.gates().size(); place++) {
            String name = configuration.gates().get(place).serverName();
            Detection.Match knock = Detection.Match.tls(name, List.of(), false);
            Route route = table.decide(new Facts(knock, null, listener, List.of(name)));
            if (route != null && !route.when().gates().isEmpty()) {
                findings.add(new Finding(
                        Severity.ADVICE,
                        "gate[" + place + "].opens",
                        "the route " + route.name()
                                + " takes every TLS client of an address that has knocked, its next knock as well; say"
                                + " in \"when\" what it is for, such as protocol: ssh, or sni"));
            }
        }
    }

    private static boolean isGuessed(String name) {
        String label = name.substring(0, name.indexOf('.') < 0 ? name.length() : name.indexOf('.'));
        return label.length() < SHORTEST;
    }

    /** Tells where whoever has not knocked is closed at once. */
    private static void strangers(Configuration configuration, List<Finding> findings) {
        RouteTable table = new RouteTable(configuration.routes());
        for (ListenAddress address : configuration.listen()) {
            List<Detection.Match> strangers = Stream.concat(
                            Stream.of(Detection.Match.of(Detectors.UNRECOGNISED)),
                            configuration.gates().stream()
                                    .map(gate -> Detection.Match.tls(gate.serverName(), List.of(), false)))
                    .toList();
            for (Detection.Match stranger : strangers) {
                Route route = table.decide(new Facts(stranger, null, address.toString()));
                if (route == null || route.to() instanceof Target.Reject) {
                    findings.add(new Finding(
                            Severity.ADVICE,
                            "gate",
                            "on " + address + " "
                                    + (stranger.serverName() == null ? "whoever is not recognised" : "whoever knocks")
                                    + " is closed at once, as no web server does; end the list of routes with one that"
                                    + " has no \"when\" and leads to a web server"));
                    return;
                }
            }
        }
    }
}
