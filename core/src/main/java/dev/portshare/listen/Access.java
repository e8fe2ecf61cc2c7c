package dev.portshare.listen;

import dev.portshare.route.CidrSet;
import dev.portshare.session.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whom a listener lets in, and how they begin.
 *
 * @param proxies whose connections begin with a PROXY header; null: nobody's
 * @param allow   the only ones who are let in; null: everybody
 * @param deny    who is not, even of those; null: nobody
 */
public record Access(
        @Nullable TrustedProxies proxies,
        @Nullable CidrSet allow,
        @Nullable CidrSet deny) {
    /** Whether a connection from {@code peer} begins with a PROXY header; null: a client on a Unix-domain socket. */
    boolean believes(@Nullable Endpoint peer) {
        return proxies != null && proxies.contain(peer);
    }

    /** Whether {@code client} is not let in; null: one without an address, who is in no list. */
    public boolean denies(@Nullable Endpoint client) {
        return client == null
                ? allow != null
                : allow != null && !allow.contains(client) || deny != null && deny.contains(client);
    }

    /** Whether it lets everybody in. */
    boolean isOpen() {
        return allow == null && deny == null;
    }
}
