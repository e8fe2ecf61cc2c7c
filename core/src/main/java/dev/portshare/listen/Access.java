package dev.portshare.listen;

import dev.portshare.route.AccessList;
import dev.portshare.session.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whom a listener lets in, and how they begin.
 *
 * @param proxies whose connections begin with a PROXY header; null: nobody's
 * @param clients who is let in; null: everybody
 */
public record Access(
        @Nullable TrustedProxies proxies, @Nullable AccessList clients) {
    /** Whether a connection from {@code peer} begins with a PROXY header; null: a client on a Unix-domain socket. */
    boolean believes(@Nullable Endpoint peer) {
        return proxies != null && proxies.contain(peer);
    }

    /** Whether {@code client} is not let in; null: one without an address. */
    public boolean denies(@Nullable Endpoint client) {
        return clients != null && clients.denies(client);
    }
}
