package dev.portshare.route;

import dev.portshare.route.ServerNamePattern.Exact;
import dev.portshare.route.ServerNamePattern.Regex;
import dev.portshare.route.ServerNamePattern.Suffix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of server names of one domain that lead to different backends. A browser may send requests for the one over the HTTP/2
 * connection that it opened for the other, where one certificate covers both (RFC 9113, 9.1.1): both names have this
 * program's address, which is the other thing that browsers ask for.
 *
 * @param place     of the route that has {@code name}
 * @param other     of the route that has {@code otherName}
 * @param name      of the connection
 * @param otherName of the requests that may go astray
 */
public record Coalescing(int place, int other, ServerNamePattern name, ServerNamePattern otherName) {
    /** A label below which names belong to different owners: {@code co.uk}, {@code com.au}. */
    private static final Pattern PUBLIC =
            Pattern.compile("(co|com|org|net|ac|gov|edu|or|ne|go|gob|nom|mil|sch|ltd|plc|me)\\.[a-z]{2}");

    private static final List<String> HTTP = List.of("h2", "http/1.1");

    /** Who has names of a domain: a route, and one of its names. */
    private record Claim(int place, Condition when, ServerNamePattern name) {
        private boolean sharesClientsWith(Claim other) {
            return !Implication.areDisjoint(clients(when), clients(other.when));
        }

        private static Condition clients(Condition when) {
            return Condition.ANY.withFrom(when.from()).withListeners(when.listeners());
        }
    }

    /**
     * One pair a domain, in the order of the routes.
     *
     * @param counts whether the route at a place is reached at all
     */
    public static List<Coalescing> in(List<Route> routes, IntPredicate counts) {
        Map<String, Map<String, List<Claim>>> byDomain = new LinkedHashMap<>();
        for (int place = 0; place < routes.size(); place++) {
            Route route = routes.get(place);
            if (!(route.to() instanceof Target.Forward) || !counts.test(place)) {
                continue;
            }
            for (ServerNamePattern name : route.when().serverNames().names()) {
                String domain = registeredDomain(name);
                if (domain != null && maySpeakHttp2(route.when(), name)) {
                    byDomain.computeIfAbsent(domain, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(route.to().toString(), _ -> new ArrayList<>())
                            .add(new Claim(place, route.when(), name));
                }
            }
        }
        return byDomain.values().stream()
                .map(Map::values)
                .map(Coalescing::first)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Of the claims to one domain, by backend, the first two for which it matters. */
    private static Optional<Coalescing> first(Collection<List<Claim>> byBackend) {
        List<List<Claim>> backends = List.copyOf(byBackend);
        return Stream.iterate(0, i -> i < backends.size(), i -> i + 1)
                .flatMap(i -> backends.get(i).stream()
                        .flatMap(one -> backends.subList(i + 1, backends.size()).stream()
                                .flatMap(List::stream)
                                .filter(another -> !another.name.equals(one.name) && another.sharesClientsWith(one))
                                .map(another -> new Coalescing(one.place, another.place, one.name, another.name))))
                .findFirst();
    }

    private static boolean maySpeakHttp2(Condition when, ServerNamePattern name) {
        List<String> alpn = when.applicationProtocols();
        if (!alpn.isEmpty() && HTTP.stream().noneMatch(alpn::contains)) {
            return false;
        }
        Condition browser =
                Condition.ANY.withServerNames(ServerNameSet.of(List.of(name))).withApplicationProtocols(List.of("h2"));
        return when.not() == null || !Implication.implies(browser, when.not());
    }

    /** The domain that somebody registered to have this name; null where that cannot be told. */
    static @Nullable String registeredDomain(ServerNamePattern pattern) {
        String name = switch (pattern) {
            case Exact(String exact) -> exact;
            case Suffix(String domain) -> domain;
            case Regex _ -> "";
        };
        String[] labels = name.split("\\.", -1);
        int count = labels.length;
        if (count < 2) {
            return null;
        }
        String two = labels[count - 2] + "." + labels[count - 1];
        if (!PUBLIC.matcher(two).matches()) {
            return two;
        }
        return count < 3 ? null : labels[count - 3] + "." + two;
    }
}
