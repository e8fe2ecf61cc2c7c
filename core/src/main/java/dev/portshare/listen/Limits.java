package dev.portshare.listen;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections there may be. A number that is not limited is {@link #NONE}.
 *
 * @param connections  in all
 * @param perClient    of one client at once; one of IPv6 has a /64 network
 * @param newPerClient of one client, that begin within a second
 * @param heads        whose heads are being read
 * @param headBytes    that their heads above {@link dev.portshare.connection.Loop#SMALL_HEAD} may take up; 0: what they may without limits
 * @param waits        whether those beyond {@code connections}, or a listener's, are left in the backlog, rather than closed
 * @param reserved     the part of {@code connections} that is kept for a route, under the names of those that have one
 * @param listeners    at a listener, under the notations of those that are limited
 * @param routes       of a route, under the names of those that are limited
 */
public record Limits(
        int connections,
        int perClient,
        int newPerClient,
        int heads,
        long headBytes,
        boolean waits,
        Map<String, Integer> reserved,
        Map<String, Integer> listeners,
        Map<String, Integer> routes) {
    /** More than there can be. */
    public static final int NONE = Integer.MAX_VALUE;

    public Limits {
        reserved = Map.copyOf(reserved);
        listeners = Map.copyOf(listeners);
        routes = Map.copyOf(routes);
    }

    /** How many of {@code connections} are kept for nobody. */
    int unreserved() {
        int unreserved = connections;
        for (int places : reserved.values()) {
            unreserved -= places;
        }
        return unreserved;
    }

    /** The number under {@code name}, {@link #NONE} where there is none. */
    static int of(Map<String, Integer> numbers, @Nullable String name) {
        return name == null ? NONE : numbers.getOrDefault(name, NONE);
    }
}
