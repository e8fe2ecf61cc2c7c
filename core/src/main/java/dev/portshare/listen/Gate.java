package dev.portshare.listen;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A name by which a client opens routes for its address: by asking for that server in a TLS hello, which is its knock.
 *
 * @param serverName the secret; in lower case and without trailing dot
 * @param routes     the names of those that it opens, at least one
 * @param time       how long a knock keeps them open
 */
public record Gate(String serverName, List<String> routes, Duration time) {
    public Gate {
        routes = List.copyOf(routes);
    }

    /** What it does, without its name: {@code ssh and vpn for 10m}. */
    @Override
    public String toString() {
        return String.join(" and ", routes) + " for "
                + time.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
