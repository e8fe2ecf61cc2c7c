package dev.portshare.listen;

import dev.portshare.route.CidrSet;
import dev.portshare.session.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whose connections begin with a PROXY header on a listener, which is believed; from anyone else such a header is just bytes.
 *
 * @param blocks where they are
 * @param unix   whether clients on a Unix-domain socket, which have no address, are such
 */
public record TrustedProxies(CidrSet blocks, boolean unix) {
    /** What stands for clients on a Unix-domain socket in a list of addresses. */
    public static final String UNIX = "unix";

    /** Whether {@code peer} is one; null: a client on a Unix-domain socket. */
    public boolean contain(@Nullable Endpoint peer) {
        return peer == null ? unix : blocks.contains(peer);
    }
}
