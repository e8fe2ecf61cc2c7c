package dev.portshare.config;

import dev.portshare.listen.Limits;
import dev.portshare.route.Route;
import dev.portshare.route.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code limits:}. */
final class LimitsReader {
    static final YamlKeys KEYS = new YamlKeys(
            List.of(
                    "connections",
                    "connections-per-client",
                    "new-per-client",
                    "heads",
                    "head-bytes",
                    "excess",
                    "reserve",
                    "routes"),
            Set.of());

    private static final int MOST = 1_000_000_000;
    /** A bucket's time to the next connection is counted in nanoseconds. */
    private static final int FASTEST = 1_000_000;

    private static final long LEAST_BYTES = 1 << 20;

    private LimitsReader() {}

    /**
     * What it says; null where nothing is limited.
     *
     * @param value     null where there is none
     * @param routes    those that can be named
     * @param listeners the limits of those listeners that have one, under their notations
     */
    static @Nullable Limits read(@Nullable YamlValue value, List<Route> routes, Map<String, Integer> listeners) {
        YamlFields fields =
                value == null ? null : value.fields("a mapping such as {connections-per-client: 100}", KEYS);
        if (fields == null) {
            return listeners.isEmpty()
                    ? null
                    : new Limits(
                            Limits.NONE,
                            Limits.NONE,
                            Limits.NONE,
                            Limits.NONE,
                            0,
                            false,
                            Map.of(),
                            listeners,
                            Map.of());
        }
        YamlValue total = fields.get("connections");
        YamlValue kept = fields.get("reserve");
        YamlValue excess = fields.get("excess");
        int connections = count(total);
        boolean waits = excess != null && Boolean.TRUE.equals(excess.read("close or wait", LimitsReader::waits));
        Map<String, Integer> reserved = kept == null ? Map.of() : byRoute(kept, routes);
        if (kept != null && total == null) {
            kept.problem("there is no limit to keep places of; write one such as connections: 10000");
        } else if (kept != null
                && reserved.values().stream().mapToLong(Integer::longValue).sum() >= connections) {
            kept.problem("no place is left for others; write less in all than connections, " + connections);
        }
        if (kept != null && excess != null && waits) {
            excess.problem("whose turn it is shows only once a client is accepted; write close, or no reserve");
        }
        YamlValue rate = fields.get("new-per-client");
        Integer perSecond = rate == null ? null : rate.read("a number such as 20", word -> number(word, FASTEST));
        YamlValue size = fields.get("head-bytes");
        Long bytes = size == null ? null : size.read("a size such as 64MiB", LimitsReader::headBytes);
        YamlValue limited = fields.get("routes");
        return new Limits(
                connections,
                count(fields.get("connections-per-client")),
                Objects.requireNonNullElse(perSecond, Limits.NONE),
                count(fields.get("heads")),
                Objects.requireNonNullElse(bytes, 0L),
                waits,
                reserved,
                listeners,
                limited == null ? Map.of() : byRoute(limited, routes));
    }

    /** A number of connections; {@link Limits#NONE} where there is none, or it is a problem. */
    static int count(@Nullable YamlValue value) {
        Integer count = value == null ? null : value.read("a number such as 100", word -> number(word, MOST));
        return Objects.requireNonNullElse(count, Limits.NONE);
    }

    private static Integer number(String word, int most) {
        return Numbers.upTo(most, word)
                .orElseThrow(() ->
                        new IllegalArgumentException("\"" + word + "\" is no limit; write a number from 1 to " + most));
    }

    private static Long headBytes(String word) {
        long bytes = Sizes.parse(word);
        if (bytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is too little for one head on each event loop; write at" + " least "
                            + (LEAST_BYTES >> 20) + "MiB");
        }
        return bytes;
    }

    private static Boolean waits(String word) {
        if (!word.equals("close") && !word.equals("wait")) {
            throw new IllegalArgumentException("\"" + word + "\" is neither close nor wait; write one of them");
        }
        return word.equals("wait");
    }

    private static Map<String, Integer> byRoute(YamlValue value, List<Route> routes) {
        List<String> names = Route.all(routes).stream()
                .filter(route -> route.to().inner().isEmpty())
                .filter(route -> route.to() instanceof Target.Forward)
                .map(Route::name)
                .toList();
        Map<String, Integer> counts = new HashMap<>();
        for (YamlEntry entry : value.entries("a mapping such as {vpn: 20}")) {
            String name = entry.key().read("a route's name", word -> named(word, names));
            int count = count(entry.value());
            if (name != null && count != Limits.NONE && counts.putIfAbsent(name, count) != null) {
                entry.key().problem("\"" + name + "\" twice; leave one out");
            }
        }
        return counts;
    }

    private static String named(String word, List<String> names) {
        if (!names.contains(word)) {
            throw new IllegalArgumentException("no route \"" + word + "\" that leads to a backend"
                    + (names.isEmpty() ? "; leave it out" : Spelling.remedy(word, names)));
        }
        return word;
    }
}
