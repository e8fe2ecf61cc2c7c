package dev.portshare.config;

import dev.portshare.detect.Detectors;
import dev.portshare.route.Coalescing;
import dev.portshare.route.Condition;
import dev.portshare.route.Route;
import dev.portshare.route.ServerNamePattern;
import dev.portshare.route.ServerNameSet;
import dev.portshare.route.Shadows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks for what a configuration may say and hardly means. What it calls a warning is proven from the configuration alone: it
 * asks no name server, and connects nowhere.
 */
public final class Review {
    private static final int SHOWN = 4;

    private final List<Route> routes;
    private final Shadows shadows;
    private final List<Finding> findings = new ArrayList<>();
    private final SortedSet<Integer> unreached = new TreeSet<>();

    private Review(Configuration configuration) {
        routes = configuration.routes();
        shadows = new Shadows(
                routes, configuration.listen().stream().map(Object::toString).toList(), configuration.allDetectors());
    }

    /** All that is found in {@code configuration}. */
    public static List<Finding> of(Configuration configuration) {
        Review review = new Review(configuration);
        review.findings.addAll(configuration.findings());
        for (int place = 0; place < review.routes.size(); place++) {
            review.reach(place);
            review.header(place);
        }
        review.coalescing();
        Exposure.of(configuration).forEach(review::exposed);
        review.findings.addAll(Seams.of(configuration));
        if (!configuration.gates().isEmpty()) {
            review.findings.addAll(GateFindings.of(configuration));
        }
        review.findings.addAll(OwnDetectors.findings(configuration));
        return review.findings;
    }

    /** The warnings about {@code configuration}, which was read from {@code file}, in the order of the lines. */
    public static List<Problem> warnings(Path file, Configuration configuration) {
        List<Finding> warnings = of(configuration).stream()
                .filter(finding -> finding.severity() == Severity.WARNING)
                .toList();
        return warnings.isEmpty() ? List.of() : new Places(file.toString(), text(file)).of(warnings);
    }

    /** The text of a file that was read just now; if it has gone since, its warnings have no lines. */
    private static String text(Path file) {
        try {
            return TextFile.read(file);
        } catch (IOException e) {
            return "";
        }
    }

    private void reach(int place) {
        if (shadows.contradictsItself(place)) {
            unreached.add(place);
            warn(
                    at(place) + ".when",
                    "never holds: \"not\" excludes all that is asked for; correct it, or leave the route out");
            return;
        }
        SortedSet<Integer> takers = shadows.of(place);
        if (!takers.isEmpty()) {
            unreached.add(place);
            warn(
                    at(place),
                    "can never be reached: " + names(takers) + (takers.size() == 1 ? " takes" : " take")
                            + " all it would; write it before " + names(takers.headSet(takers.first() + 1))
                            + ", or leave it out");
            return;
        }
        ServerNameSet names = routes.get(place).when().names();
        if (names.patterns().size() > 1) {
            deadNames(place, names);
        }
    }

    /** Tells of the names of a route that is reached by others of its names alone. */
    private void deadNames(int place, ServerNameSet names) {
        List<ServerNamePattern> dead = new ArrayList<>();
        SortedSet<Integer> takers = new TreeSet<>();
        for (ServerNamePattern name : names.patterns()) {
            SortedSet<Integer> takersOfName = shadows.of(place, name);
            if (!takersOfName.isEmpty()) {
                dead.add(name);
                takers.addAll(takersOfName);
            }
        }
        if (!dead.isEmpty()) {
            warn(
                    at(place) + (routes.get(place).when().hosts().isEmpty() ? ".when.sni" : ".when.host"),
                    Condition.some(dead) + " can never be reached here: " + names(takers)
                            + (takers.size() == 1 ? " takes" : " take") + (dead.size() == 1 ? " it" : " them")
                            + " before; write the route before " + names(takers.headSet(takers.first() + 1))
                            + ", or leave " + (dead.size() == 1 ? "the name" : "the names") + " out");
        }
    }

    /** Tells of a header for servers that take it for what it is not. */
    private void header(int place) {
        if (routes.get(place).proxyProtocol() == null) {
            return;
        }
        headerless(place, Detectors.OPENVPN, "OpenVPN");
        headerless(place, Detectors.SSH, "sshd");
    }

    private void headerless(int place, String protocol, String server) {
        if (routes.get(place).when().protocols().contains(protocol)) {
            warn(
                    at(place) + ".proxy-protocol",
                    server
                            + " does not speak the PROXY protocol, and ends every connection that begins with its"
                            + " header; write source: mapped instead, by which it tells clients apart");
        }
    }

    private void coalescing() {
        for (Coalescing pair : Coalescing.in(routes, place -> !unreached.contains(place))) {
            advise(
                    at(pair.place()) + ".when.sni",
                    "if one certificate covers both " + pair.name() + " and " + pair.otherName() + " of "
                            + name(pair.other()) + ", browsers may send requests for the latter to "
                            + routes.get(pair.place()).to() + ", over an HTTP/2 connection that they have there;"
                            + " give each backend a certificate for its own names alone, let it answer 421 to"
                            + " others, or switch HTTP/2 off there");
        }
    }

    private void exposed(int place) {
        advise(
                at(place) + ".when.protocol",
                "anybody can find out that OpenVPN is here, by sending what its clients send first; if nobody should,"
                    + " add \"openvpn-key\" with the server's configuration, as in openvpn-key: {config:"
                    + " /etc/openvpn/server/server.conf}, or \"from\" with the networks that your clients come from."
                    + " Without tls-auth or tls-crypt in its own configuration OpenVPN even answers them; with these"
                    + " it only closes as no web server does");
    }

    private void warn(String path, String message) {
        findings.add(new Finding(Severity.WARNING, path, message));
    }

    private void advise(String path, String message) {
        findings.add(new Finding(Severity.ADVICE, path, message));
    }

    private static String at(int place) {
        return "routes[" + place + "]";
    }

    private String names(SortedSet<Integer> places) {
        String names = places.stream().limit(SHOWN).map(this::name).collect(Collectors.joining(" and "));
        return places.size() <= SHOWN ? names : names + " and " + (places.size() - SHOWN) + " more";
    }

    /** What the file shows, and what the log calls it. */
    private String name(int place) {
        String name = routes.get(place).name();
        return name.equals(at(place)) ? name : at(place) + " (" + name + ")";
    }
}
