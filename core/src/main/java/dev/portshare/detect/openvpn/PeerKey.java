package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * A key that two peers share, without TLS: OpenVPN's {@code secret}. Their packets look like nothing: a code, an IV, and what a
 * block cipher has hidden. Source: OpenVPN, crypto.c, openvpn_decrypt_v1.
 */
public final class PeerKey extends OpenVpnKey {
    public static final String MODE = "secret";

    /** Of Blowfish and the like; AES' is two of them. */
    private static final int BLOCK = 8;
    /** Packet id and time, and something behind it. */
    private static final int HIDDEN_MIN = 2 * BLOCK;
    /** More than the tunnel's device may have. */
    private static final int MAX_LENGTH = 2047;

    private final int size;
    private final ThreadLocal<Mac> macs;

    private PeerKey(byte[] key, AuthDigest digest) {
        super(MODE, digest.toString(), key);
        size = digest.size();
        macs = ThreadLocal.withInitial(() -> digest.mac(key));
    }

    /** With what the peer behind this has behind {@code auth}, and its own direction. */
    public static PeerKey of(StaticKey key, AuthDigest digest, KeyDirection direction) {
        return new PeerKey(key.hmac(direction, digest.size()), digest);
    }

    /** Goes by the length alone, and by what of it a cipher cannot make. */
    @Override
    ResetLayout.Comparison compare(ByteBuffer head) {
        int start = head.position();
        int bytes = head.remaining();
        if (bytes < ResetLayout.LENGTH_BYTES) {
            return bytes == 0 || (head.get(start) & 0xFF) <= MAX_LENGTH >> 8
                    ? ResetLayout.Comparison.BEGINS
                    : ResetLayout.Comparison.DIFFERS;
        }
        int length = (head.get(start) & 0xFF) << 8 | (head.get(start + 1) & 0xFF);
        int behind = length - size;
        if (length > MAX_LENGTH || behind < BLOCK + HIDDEN_MIN || behind % BLOCK != 0) {
            return ResetLayout.Comparison.DIFFERS;
        }
        return bytes < ResetLayout.LENGTH_BYTES + length ? ResetLayout.Comparison.BEGINS : ResetLayout.Comparison.WHOLE;
    }

    @Override
    List<ResetLayout> layouts() {
        return List.of();
    }

    @Override
    @Nullable
    Proof prove(byte[] packet) {
        Mac mac = macs.get();
        mac.update(packet, size, packet.length - size);
        return MessageDigest.isEqual(mac.doFinal(), Arrays.copyOf(packet, size)) ? proof(packet, 0, -1, null) : null;
    }

    /** Two such peers have nothing to agree on. */
    @Override
    public boolean isAnswered() {
        return false;
    }

    @Override
    byte[] firstPacket(byte[] sessionId, int time) {
        throw new IllegalStateException("nobody answers it");
    }

    @Override
    byte @Nullable [] answer(byte[] packet, byte[] first) {
        return null;
    }
}
