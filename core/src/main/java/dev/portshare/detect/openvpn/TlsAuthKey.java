package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/** tls-auth: the packet is in the clear, and signed. Source: OpenVPN, ssl_pkt.c, swap_hmac: signed in another order than sent. */
public final class TlsAuthKey extends OpenVpnKey {
    public static final String MODE = "tls-auth";

    private static final int TAG_AT = ResetLayout.HEADER_BYTES;
    /** Packet id and time. */
    private static final int REPLAY_BYTES = 8;

    private final List<ResetLayout> layouts;
    private final int size;
    private final ThreadLocal<Mac> macs;

    private TlsAuthKey(byte[] key, AuthDigest digest) {
        super(MODE, digest.toString(), key);
        layouts = List.of(ResetLayout.tlsAuth(digest.size()));
        size = digest.size();
        macs = ThreadLocal.withInitial(() -> digest.mac(key));
    }

    /** A server's, with what it has behind {@code auth}, and its own direction. */
    public static TlsAuthKey of(StaticKey key, AuthDigest digest, KeyDirection direction) {
        return new TlsAuthKey(key.hmac(direction, digest.size()), digest);
    }

    @Override
    List<ResetLayout> layouts() {
        return layouts;
    }

    @Override
    @Nullable
    Proof prove(byte[] packet) {
        byte[] sent = Arrays.copyOfRange(packet, TAG_AT, TAG_AT + size);
        return MessageDigest.isEqual(tag(packet), sent)
                ? proof(packet, TAG_AT, TAG_AT + size + Integer.BYTES, null)
                : null;
    }

    private byte[] tag(byte[] packet) {
        int replayAt = TAG_AT + size;
        int restAt = replayAt + REPLAY_BYTES;
        Mac mac = macs.get();
        mac.update(packet, replayAt, REPLAY_BYTES);
        mac.update(packet, 0, TAG_AT);
        mac.update(packet, restAt, packet.length - restAt);
        return mac.doFinal();
    }

    @Override
    byte[] firstPacket(byte[] sessionId, int time) {
        ByteBuffer packet = ByteBuffer.allocate(TAG_AT + size + REPLAY_BYTES + FirstPacket.RESET_BYTES);
        packet.put(FirstPacket.RESET_V2).put(sessionId);
        packet.position(TAG_AT + size).putInt(FirstPacket.PACKET_ID).putInt(time);
        return packet.put(TAG_AT, tag(packet.array())).array();
    }

    /** By its shape: the code is of the other half of the key, and that the server answers says that it took the client's. */
    @Override
    byte @Nullable [] answer(byte[] packet, byte[] first) {
        int restAt = TAG_AT + size + REPLAY_BYTES;
        return packet.length < restAt ? null : Arrays.copyOfRange(packet, restAt, packet.length);
    }
}
