package dev.portshare.cli.imports;

import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What sslh asks, in its order, as routes. What no probe takes goes to the first of them, or to that of {@code anyprot}; what
 * says nothing, to the one that {@code on-timeout} names, or {@code ssh}, or the first.
 */
final class SslhProbes {
    /**
     * A probe.
     *
     * @param name    as sslh calls it
     * @param backend its notation in a route file
     * @param takesAll whether it answers yes to everything
     */
    record Probe(Word name, String backend, List<Word> serverNames, List<Word> alpn, boolean takesAll) {}

    private static final String ANYPROT = "anyprot";
    private static final String TIMEOUT = "timeout";

    private final Draft draft;
    private final List<Probe> probes = new ArrayList<>();
    private String onTimeout = "ssh";

    SslhProbes(Draft draft) {
        this.draft = draft;
    }

    void add(Probe probe) {
        probes.add(probe);
    }

    /** The probe whose backend gets the clients that say nothing. */
    void onTimeout(String name) {
        onTimeout = name;
    }

    /** Writes the routes. */
    void write() throws ImportException {
        List<Probe> asked =
                probes.stream().filter(probe -> !probe.name().is(TIMEOUT)).toList();
        if (asked.isEmpty()) {
            throw new ImportException("no protocol in it; is it sslh's configuration?");
        }
        Probe rest = null;
        Probe lacking = null;
        for (Probe probe : asked) {
            if (rest != null) {
                draft.lose(
                        probe.name(),
                        "",
                        "is never asked: the " + rest.name().text() + " in front of it takes everything");
            } else if (probe.takesAll()) {
                rest = probe;
            } else if (!isKnown(probe)) {
                lacking = lacking == null ? probe : lacking;
                draft.lose(
                        probe.name(),
                        "to " + probe.backend(),
                        "this version has no such detector: these clients take the last route");
            } else {
                route(probe);
            }
        }
        silence(asked);
        rest(rest, lacking, asked.getFirst());
    }

    private void route(Probe probe) throws ImportException {
        List<String> names = new ArrayList<>();
        for (Word name : probe.serverNames()) {
            names.add(Globs.pattern(name));
        }
        List<String> alpn = new ArrayList<>();
        for (Word name : probe.alpn()) {
            if (!name.text().matches("[!-~]{1,255}")) {
                throw new ImportException(name, "\"" + name.text() + "\" is no ALPN name; write one such as h2");
            }
            alpn.add(name.text());
        }
        String protocol = word(probe);
        Draft.Route route = draft.route(protocol, probe.backend());
        // SNI and ALPN say that it is TLS.
        if (names.isEmpty() && alpn.isEmpty()) {
            route.when("protocol", List.of(protocol));
        }
        route.when("sni", names).when("alpn", alpn);
    }

    private void silence(List<Probe> asked) {
        Probe silent = probes.stream()
                .filter(probe -> probe.name().is(onTimeout))
                .findFirst()
                .orElse(asked.getFirst());
        draft.route(Detectors.SILENT, silent.backend())
                .when("protocol", List.of(Detectors.SILENT))
                .note("Clients that say nothing: sslh's on-timeout.");
    }

    private void rest(@Nullable Probe all, @Nullable Probe lacking, Probe first) {
        Probe rest = Objects.requireNonNullElse(all, Objects.requireNonNullElse(lacking, first));
        Draft.Route route = draft.route("rest", rest.backend());
        if (all != null) {
            route.note("Everything else: sslh's " + all.name().text() + ".");
        } else if (rest == first) {
            route.note("What no probe knows goes to the first one in sslh, which is "
                    + first.name().text() + ".");
        } else {
            route.note("sslh sends what no probe knows to the first one, "
                    + first.name().text() + " at " + first.backend()
                    + ". Here it goes to " + rest.name().text()
                    + " instead, whose clients this version cannot tell from others.");
        }
    }

    private static boolean isKnown(Probe probe) {
        return Detectors.BUILTIN.stream().map(NamedDetector::name).anyMatch(word(probe)::equals);
    }

    /** What portshare calls it. */
    private static String word(Probe probe) {
        return switch (probe.name().text()) {
            case "ssl" -> Detectors.TLS;
            case "msrdp" -> Detectors.RDP;
            default -> probe.name().text();
        };
    }

    /** Whether {@code name} is the probe that takes everything. */
    static boolean takesAll(Word name) {
        return name.is(ANYPROT);
    }
}
