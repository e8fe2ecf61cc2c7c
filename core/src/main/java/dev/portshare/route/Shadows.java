package dev.portshare.route;

import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final List<String> PROTOCOLS = Stream.concat(
                    Detectors.BUILTIN.stream().map(NamedDetector::name),
                    Stream.of(Detectors.SILENT, Detectors.UNRECOGNISED))
            .toList();

    /** How many cut conditions are looked at for one route: enough for what people write. */
    private static final int MAX_CUTS = 100_000;

    /** How deep {@code not} may stand in {@code not}: each level multiplies the work. */
    private static final int MAX_DEPTH = 4;

    private final List<Route> routes;
    private final List<String> listeners;
    /** Under each name or wildcard the places of the routes that have it, ascending. */
    private final Map<ServerNamePattern, List<Integer>> byServerName = new HashMap<>();
    /** The places of the routes that ask for no name, or have a regex, ascending. */
    private final List<Integer> others = new ArrayList<>();

    private int cuts;

    /**
     * Of {@code routes} in the order in which they are asked.
     *
     * @param listeners all that is listened on, in the notation of conditions
     */
    public Shadows(List<Route> routes, List<String> listeners) {
        this.routes = List.copyOf(routes);
        this.listeners = List.copyOf(listeners);
        for (int place = 0; place < routes.size(); place++) {
            ServerNameSet names = routes.get(place).when().serverNames();
            if (names.isEmpty() || !names.regexes().isEmpty()) {
                others.add(place);
            }
            for (ServerNamePattern name : names.names()) {
                byServerName.computeIfAbsent(name, _ -> new ArrayList<>()).add(place);
            }
        }
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
        return takers(withNames(routes.get(place).when(), ServerNameSet.of(List.of(name))), place);
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
        ServerNamePattern first =
                when.serverNames().patterns().stream().findFirst().orElse(null);
        List<ServerNamePattern> patterns = switch (first) {
            case null -> List.of();
            case ServerNamePattern.Exact(String name) -> ServerNamePattern.matching(name);
            case ServerNamePattern.Suffix suffix -> Implication.containing(suffix);
            case ServerNamePattern.Regex _ -> List.of();
        };
        return Stream.concat(patterns.stream().map(byServerName::get).flatMap(Stream::ofNullable), Stream.of(others))
                .toList();
    }

    /** {@code when} in parts, each with one entry less to choose from; empty: nothing is left to choose. */
    private List<Condition> cut(Condition when) {
        List<String> protocols = when.protocols().isEmpty() ? PROTOCOLS : when.protocols();
        if (protocols.size() > 1) {
            return each(protocols, one -> withProtocol(when, one));
        }
        if (when.serverNames().patterns().size() > 1) {
            return each(when.serverNames().patterns(), one -> withNames(when, ServerNameSet.of(List.of(one))));
        }
        if (when.applicationProtocols().size() > 1) {
            return each(when.applicationProtocols(), one -> withAlpn(when, one));
        }
        CidrSet from = when.from();
        if (from != null && from.blocks().size() > 1) {
            return each(from.blocks(), one -> withFrom(when, CidrSet.of(List.of(one))));
        }
        List<String> where = when.listeners().isEmpty() ? listeners : when.listeners();
        // Where there is one listener, whoever asks for none asks for it.
        return where.size() > 1 || (where.size() == 1 && when.listeners().isEmpty())
                ? each(where, one -> withListener(when, one))
                : List.of();
    }

    private static <T> List<Condition> each(Collection<T> entries, Function<T, Condition> condition) {
        return entries.stream().map(condition).toList();
    }

    private static Condition withProtocol(Condition c, String one) {
        return new Condition(List.of(one), c.serverNames(), c.applicationProtocols(), c.from(), c.listeners(), c.not());
    }

    private static Condition withNames(Condition c, ServerNameSet names) {
        return new Condition(c.protocols(), names, c.applicationProtocols(), c.from(), c.listeners(), c.not());
    }

    private static Condition withAlpn(Condition c, String one) {
        return new Condition(c.protocols(), c.serverNames(), List.of(one), c.from(), c.listeners(), c.not());
    }

    private static Condition withFrom(Condition c, CidrSet one) {
        return new Condition(c.protocols(), c.serverNames(), c.applicationProtocols(), one, c.listeners(), c.not());
    }

    private static Condition withListener(Condition c, String one) {
        return new Condition(c.protocols(), c.serverNames(), c.applicationProtocols(), c.from(), List.of(one), c.not());
    }

    /**
     * Whether it can be said of {@code when} what it implies. Not where a list of addresses is empty: that one is read from a
     * file, which will not stay so.
     */
    private static boolean isUnderstood(Condition when) {
        Condition inner = when;
        for (int depth = 0; inner != null; depth++) {
            if (depth > MAX_DEPTH || isEmpty(inner.from())) {
                return false;
            }
            inner = inner.not();
        }
        return true;
    }

    private static boolean isEmpty(@Nullable CidrSet from) {
        return from != null && from.blocks().isEmpty();
    }
}
