package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that the clients of an OpenVPN server hold, and prove in their first packet. Two that prove the same packets are equal.
 * Immutable, and of any thread. Nothing of the key itself comes out.
 */
public abstract class OpenVpnKey {
    /** The word of the route file for how it is used, such as {@code tls-crypt}. */
    public abstract String mode();

    /** Whether a head, from position to limit, may become, or is, a packet that this key can prove; by its shape alone. */
    abstract ResetLayout.Comparison compare(ByteBuffer head);

    /** The layouts by which {@link #compare} goes; empty: the key's packets have no shape to go by. */
    abstract List<ResetLayout> layouts();

    /**
     * Proves a whole packet.
     *
     * @param head from position on the packet with its length in front, which {@link #compare} has found whole; more may follow
     * @return null: whoever made it does not hold the key
     */
    abstract @Nullable Proof prove(ByteBuffer head);

    /** The mode. */
    @Override
    public final String toString() {
        return mode();
    }
}
