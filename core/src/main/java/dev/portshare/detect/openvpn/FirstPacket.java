package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A client's first packet, made to ask a server whether it answers. Source: OpenVPN, ssl_pkt.c; checked against the real server.
 */
public final class FirstPacket {
    /** P_CONTROL_HARD_RESET_CLIENT_V2 and _V3, and P_CONTROL_HARD_RESET_SERVER_V2, each with key id 0. */
    static final byte RESET_V2 = 7 << 3;

    static final byte RESET_V3 = 10 << 3;
    private static final byte RESET_SERVER = 8 << 3;

    static final int PACKET_ID = 1;
    /** No acknowledged packets, then message id 0. */
    static final int RESET_BYTES = 5;

    /** How long a session id is. */
    public static final int SESSION_ID_BYTES = 8;

    private final @Nullable OpenVpnKey key;
    private final byte[] sessionId;
    private final byte[] packet;

    /**
     * Of a client that holds {@code key}; null: the server has none.
     *
     * @param key       one that {@link OpenVpnKey#isAnswered is answered}
     * @param sessionId not all zero, and another each time
     * @param time      seconds since 1970
     */
    public FirstPacket(@Nullable OpenVpnKey key, byte[] sessionId, long time) {
        this.key = key;
        this.sessionId = sessionId.clone();
        this.packet = key == null
                ? ByteBuffer.allocate(ResetLayout.HEADER_BYTES + RESET_BYTES)
                        .put(RESET_V2)
                        .put(sessionId)
                        .array()
                : key.firstPacket(sessionId, (int) time);
    }

    /** The packet with its length in front, as it is sent over TCP. */
    public byte[] bytes() {
        return ByteBuffer.allocate(ResetLayout.LENGTH_BYTES + packet.length)
                .putShort((short) packet.length)
                .put(packet)
                .array();
    }

    /** Whether {@code answer}, a packet without its length, is how a server begins this very session. */
    public boolean isAnsweredBy(byte[] answer) {
        if (answer.length < ResetLayout.HEADER_BYTES || answer[0] != RESET_SERVER) {
            return false;
        }
        byte[] rest = key == null
                ? Arrays.copyOfRange(answer, ResetLayout.HEADER_BYTES, answer.length)
                : key.answer(answer, packet);
        // It acknowledges message 0, and whose that is.
        ByteBuffer begins = ByteBuffer.allocate(RESET_BYTES + SESSION_ID_BYTES)
                .put((byte) 1)
                .putInt(0)
                .put(sessionId);
        return rest != null
                && rest.length >= begins.capacity()
                && Arrays.equals(rest, 0, begins.capacity(), begins.array(), 0, begins.capacity());
    }
}
