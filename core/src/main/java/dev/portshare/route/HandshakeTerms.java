package dev.portshare.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route inside of TLS asks of the handshake: every key, and in a key one entry. A key that is empty asks nothing.
 *
 * @param serverNames          whom the client asked for
 * @param applicationProtocols what was chosen, ALPN names
 * @param holders              whom the client's certificate names
 * @param not                  what must not hold; null: nothing
 */
public record HandshakeTerms(
        ServerNameSet serverNames,
        List<String> applicationProtocols,
        ServerNameSet holders,
        @Nullable HandshakeTerms not) {
    /** Every handshake meets them. */
    public static final HandshakeTerms ANY =
            new HandshakeTerms(ServerNameSet.EMPTY, List.of(), ServerNameSet.EMPTY, null);

    /** Whether they are {@link #ANY}, or as good. */
    public boolean askNothing() {
        return serverNames.isEmpty() && applicationProtocols.isEmpty() && holders.isEmpty() && not == null;
    }

    /** Whether {@code handshake} meets every key. */
    public boolean hold(Handshake handshake) {
        return (serverNames.isEmpty() || handshake.serverName() != null && serverNames.matches(handshake.serverName()))
                && (applicationProtocols.isEmpty()
                        || handshake.applicationProtocol() != null
                                && applicationProtocols.contains(handshake.applicationProtocol()))
                && (holders.isEmpty() || handshake.holders().stream().anyMatch(holders::matches))
                && (not == null || !not.hold(handshake));
    }

    /** The notation of the route file. */
    @Override
    public String toString() {
        List<String> keys = new ArrayList<>();
        add(keys, "sni", serverNames.patterns());
        add(keys, "alpn", applicationProtocols);
        add(keys, "client-certificate", holders.patterns());
        if (not != null) {
            keys.add("not: " + not);
        }
        return "{" + String.join(", ", keys) + "}";
    }

    private static void add(List<String> keys, String key, List<?> entries) {
        if (!entries.isEmpty()) {
            keys.add(key + ": [" + Condition.some(entries) + "]");
        }
    }
}
