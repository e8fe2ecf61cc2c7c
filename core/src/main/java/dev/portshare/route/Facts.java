package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection when its route is chosen.
 *
 * @param protocol             a detector's name, {@code silent} or {@code unrecognised}
 * @param serverName           the TLS server name, kept in lower case and without its trailing dot; null: none sent
 * @param applicationProtocols the ALPN names in the client's order; empty: none sent
 * @param client               null for a client on a Unix-domain socket, which is from nowhere
 * @param listener             the notation of the listening address, {@code ListenAddress.toString()}
 */
public record Facts(
        String protocol,
        @Nullable String serverName,
        List<String> applicationProtocols,
        @Nullable Endpoint client,
        String listener) {
    public Facts {
        serverName = serverName == null ? null : normal(serverName);
    }

    /** {@code name} as names are compared: case and one trailing dot mean nothing (RFC 4343; RFC 6066, 3). */
    static String normal(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return bare.toLowerCase(Locale.ROOT);
    }
}
