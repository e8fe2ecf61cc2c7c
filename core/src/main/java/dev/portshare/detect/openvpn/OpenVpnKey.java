package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that the clients of an OpenVPN server hold, and prove in their first packet. Two that prove the same packets are equal.
 * Immutable, and of any thread. Nothing of the key itself comes out.
 */
public abstract sealed class OpenVpnKey permits TlsAuthKey, TlsCryptKey, TlsCryptV2Key, PeerKey {
    /** As long as a packet of any mode. */
    private static final int REHEARSED_BYTES = 512;

    private final String mode;
    /** What else tells two keys apart, such as the digest. */
    private final String algorithm;
    /** The bytes of the key that are used. */
    private final byte[] used;

    OpenVpnKey(String mode, String algorithm, byte[] used) {
        this.mode = mode;
        this.algorithm = algorithm;
        this.used = used;
    }

    /** The word of the route file for how it is used, such as {@code tls-crypt}. */
    public final String mode() {
        return mode;
    }

    /** Whether a head, from position to limit, may become, or is, a packet that this key can prove; by its shape alone. */
    ResetLayout.Comparison compare(ByteBuffer head) {
        ResetLayout.Comparison nearest = ResetLayout.Comparison.DIFFERS;
        for (ResetLayout layout : layouts()) {
            ResetLayout.Comparison comparison = layout.compare(head, Scramble.NONE);
            if (comparison == ResetLayout.Comparison.WHOLE) {
                return comparison;
            }
            nearest = comparison == ResetLayout.Comparison.BEGINS ? comparison : nearest;
        }
        return nearest;
    }

    /** The layouts by which {@link #compare} goes; empty: the key's packets have no shape to go by. */
    abstract List<ResetLayout> layouts();

    /**
     * Proves a whole packet.
     *
     * @param head from position on the packet with its length in front, which {@link #compare} has found whole; more may follow
     * @return null: whoever made it does not hold the key, or it is not whole
     */
    final @Nullable Proof prove(ByteBuffer head) {
        if (compare(head) != ResetLayout.Comparison.WHOLE) {
            return null;
        }
        int start = head.position();
        byte[] packet = new byte[(head.get(start) & 0xFF) << 8 | (head.get(start + 1) & 0xFF)];
        head.get(start + ResetLayout.LENGTH_BYTES, packet);
        return prove(packet);
    }

    /**
     * Proves what nobody has signed. Java sets its cryptography up at the first use, for which it reads files too: with this that
     * is done before a client waits for it, and before portshare gives up the right to read them.
     */
    public final void rehearse() {
        byte[] packet = new byte[REHEARSED_BYTES];
        // The last two bytes are the length of a wrapped client key.
        packet[REHEARSED_BYTES - 2] = 1;
        prove(packet);
    }

    /** Proves a packet of the key's own shape, without its length; null: whoever made it does not hold the key. */
    abstract @Nullable Proof prove(byte[] packet);

    /** Whether the server answers a client's first packet at all, so that it can be asked whether it is there. */
    public boolean isAnswered() {
        return true;
    }

    /**
     * A client's first packet, without its length, as {@link #prove} proves it; only where it {@link #isAnswered}.
     *
     * @param sessionId 8 bytes, not all zero
     * @param time      seconds since 1970
     */
    abstract byte[] firstPacket(byte[] sessionId, int time);

    /**
     * What stands behind packet id and time in the server's {@code packet}, in the clear; null: it is none of a server with this key, as far
     * as that can be told.
     *
     * @param first the client's first packet
     */
    abstract byte @Nullable [] answer(byte[] packet, byte[] first);

    /** What {@code packet} proves, whose authentication code stands at {@code tagAt}; {@code timeAt} is -1 where it has no time. */
    final Proof proof(byte[] packet, int tagAt, int timeAt, @Nullable ClientKey clientKey) {
        ByteBuffer bytes = ByteBuffer.wrap(packet);
        long time = timeAt < 0 ? -1 : bytes.getInt(timeAt) & 0xFFFFFFFFL;
        return new Proof(this, bytes.getLong(tagAt), bytes.getLong(tagAt + Long.BYTES), time, clientKey);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof OpenVpnKey key
                && mode.equals(key.mode)
                && algorithm.equals(key.algorithm)
                && MessageDigest.isEqual(used, key.used);
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(used);
    }

    /** The mode. */
    @Override
    public final String toString() {
        return mode;
    }
}
