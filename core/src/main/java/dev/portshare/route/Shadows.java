package dev.portshare.route;

import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which routes get no connection, since those in front of them take all that they would. What it finds is proven; what it
 * does not find may still be so.
 *
 * <p>A condition that asks for one of several things is cut into conditions that ask for one each: a route is shadowed where
 * each of those implies the condition of one route in front of it.
 */
public final class Shadows {
    /** How many cut conditions are looked at for one route: enough for what people write. */
    private static final int MAX_CUTS = 100_000;

    /** How deep {@code not} may stand in {@code not}: each level multiplies the work. */
    private static final int MAX_DEPTH = 4;

    private final List<Route> routes;
    /** All that a connection can be. */
    private final List<String> everyProtocol;

    private final List<String> listeners;
    private final NameIndex index;
    /** Whether a route says something of encrypted hellos. */
    private final boolean toldApart;

    private int cuts;

    /**
     * Of {@code routes} in the order in which they are asked.
     *
     * @param listeners all that is listened on, in the notation of conditions
     * @param detectors all that are asked
     */
    public Shadows(List<Route> routes, List<String> listeners, List<NamedDetector> detectors) {
        this.routes = List.copyOf(routes);
        this.listeners = List.copyOf(listeners);
        everyProtocol = Stream.concat(
                        detectors.stream().map(NamedDetector::name).distinct(),
                        Stream.of(Detectors.SILENT, Detectors.UNRECOGNISED))
                .toList();
        index = new NameIndex(routes);
        toldApart = routes.stream().anyMatch(route -> route.when().encryptedHello() != null);
    }

    /** Whether the route at {@code place} asks for what its own {@code not} excludes. */
    public boolean contradictsItself(int place) {
        Condition when = routes.get(place).when();
        cuts = 0;
        return isUnderstood(when) && isCovered(when, 0, new TreeSet<>());
    }

    /** The places of the routes that together take all that the one at {@code place} would; empty: none do. */
    public SortedSet<Integer> of(int place) {
        return takers(routes.get(place).when(), place);
    }

    /** The places of the routes that take all that the one at {@code place} would for {@code name} of its names. */
    public SortedSet<Integer> of(int place, ServerNamePattern name) {
        return takers(routes.get(place).when().withNames(ServerNameSet.of(List.of(name))), place);
    }

    /** Whether no connection that meets {@code when}, which is narrower than that of the route at {@code place}, gets there. */
    public boolean isOutOfReach(int place, Condition when) {
        cuts = 0;
        return isUnderstood(when) && isCovered(when, place, new TreeSet<>());
    }

    private SortedSet<Integer> takers(Condition when, int before) {
        SortedSet<Integer> takers = new TreeSet<>();
        cuts = 0;
        return isUnderstood(when) && isCovered(when, before, takers) ? takers : Collections.emptySortedSet();
    }

    /** Whether each cut of {@code when} contradicts itself or implies a route in front of {@code before}, one of {@code takers}. */
    private boolean isCovered(Condition when, int before, Collection<Integer> takers) {
        if (Implication.contradictsItself(when)) {
            return true;
        }
        for (List<Integer> places : candidates(when)) {
            for (int place : places) {
                if (place >= before) {
                    break;
                }
                Condition other = routes.get(place).when();
                if (isUnderstood(other) && Implication.implies(when, other)) {
                    takers.add(place);
                    return true;
                }
            }
        }
        List<Condition> parts = cut(when);
        cuts += parts.size();
        return !parts.isEmpty() && cuts <= MAX_CUTS && parts.stream().allMatch(part -> isCovered(part, before, takers));
    }

    /** The places, in ascending lists, of all the routes that could take whatever meets {@code when}. */
    private List<List<Integer>> candidates(Condition when) {
        return index.candidates(containing(when.serverNames()), containing(when.hosts()));
    }

    private static List<ServerNamePattern> containing(ServerNameSet names) {
        return switch (names.patterns().stream().findFirst().orElse(null)) {
            case null -> List.of();
            case ServerNamePattern.Exact(String name) -> ServerNamePattern.matching(name);
            case ServerNamePattern.Suffix suffix -> Implication.containing(suffix);
            case ServerNamePattern.Regex regex -> {
                ServerNamePattern.Suffix domain = regex.domain();
                yield domain == null ? List.of() : Implication.containing(domain);
            }
        };
    }

    /** {@code when} in parts, each with one entry less to choose from; empty: nothing is left to choose. */
    private List<Condition> cut(Condition when) {
        List<String> protocols = when.protocols().isEmpty() ? everyProtocol : when.protocols();
        if (protocols.size() > 1) {
            return each(protocols, one -> when.withProtocols(List.of(one)));
        }
        List<ServerNamePattern> names = when.names().patterns();
        if (names.size() > 1) {
            return each(names, one -> when.withNames(ServerNameSet.of(List.of(one))));
        }
        if (when.applicationProtocols().size() > 1) {
            return each(when.applicationProtocols(), one -> when.withApplicationProtocols(List.of(one)));
        }
        if (when.gates().size() > 1) {
            return each(when.gates(), one -> when.withGates(List.of(one)));
        }
        if (when.cookies().size() > 1) {
            return each(when.cookies(), one -> when.withCookies(List.of(one)));
        }
        ProofTerms proof = when.proof();
        if (proof != null && proof.keys().size() > 1) {
            return each(
                    proof.keys(),
                    one -> when.withProof(new ProofTerms(List.of(one), proof.since(), proof.clientKeys())));
        }
        CidrSet from = when.from();
        if (from != null && from.blocks().size() > 1) {
            return each(from.blocks(), one -> when.withFrom(CidrSet.of(List.of(one))));
        }
        if (toldApart && when.encryptedHello() == null && protocols.contains(Detectors.TLS)) {
            return each(List.of(true, false), when::withEncryptedHello);
        }
        List<String> where = when.listeners().isEmpty() ? listeners : when.listeners();
        // Where there is one listener, whoever asks for none asks for it.
        return where.size() > 1 || (where.size() == 1 && when.listeners().isEmpty())
                ? each(where, one -> when.withListeners(List.of(one)))
                : List.of();
    }

    private static <T> List<Condition> each(Collection<T> entries, Function<T, Condition> condition) {
        return entries.stream().map(condition).toList();
    }

    /**
     * Whether it can be said of {@code when} what it implies. Not where a list of addresses or client keys is empty: that one is read from
     * a file, which will not stay so.
     */
    private static boolean isUnderstood(Condition when) {
        Condition inner = when;
        for (int depth = 0; inner != null; depth++) {
            if (depth > MAX_DEPTH || isEmpty(inner.from()) || isEmpty(inner.proof())) {
                return false;
            }
            inner = inner.not();
        }
        return true;
    }

    private static boolean isEmpty(@Nullable ProofTerms proof) {
        return proof != null && proof.clientKeys() != null && proof.clientKeys().isEmpty();
    }

    private static boolean isEmpty(@Nullable CidrSet from) {
        return from != null && from.isEmpty();
    }
}
