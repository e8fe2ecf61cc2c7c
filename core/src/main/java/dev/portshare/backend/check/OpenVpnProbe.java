package dev.portshare.backend.check;

import dev.portshare.detect.openvpn.FirstPacket;
import dev.portshare.detect.openvpn.OpenVpnKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** That an OpenVPN client's first packet gets its answer. */
final class OpenVpnProbe extends Probe {
    /** Far more than such a packet has. */
    private static final int LONGEST = 2048;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final @Nullable OpenVpnKey key;
    private final InstantSource clock;

    /**
     * @param key   what the server's clients hold; null: nothing
     * @param clock what time the packet bears
     */
    OpenVpnProbe(byte[] preface, @Nullable OpenVpnKey key, InstantSource clock) {
        super(preface);
        this.key = key;
        this.clock = clock;
    }

    @Override
    void ask(Line line) throws IOException {
        byte[] sessionId = new byte[FirstPacket.SESSION_ID_BYTES];
        RANDOM.nextBytes(sessionId);
        sessionId[0] |= 1;
        FirstPacket first = new FirstPacket(key, sessionId, clock.instant().getEpochSecond());
        line.write(ByteBuffer.wrap(first.bytes()));
        ByteBuffer in = ByteBuffer.allocate(Short.BYTES + LONGEST).limit(0);
        while (!first.isAnsweredBy(packet(in, line))) {
            // It may have acknowledged the packet first.
        }
    }

    /** The next packet, without its length. */
    private static byte[] packet(ByteBuffer in, Line line) throws IOException {
        fill(in, Short.BYTES, line);
        int length = Short.toUnsignedInt(in.getShort());
        if (length == 0 || length > LONGEST) {
            throw new IOException("no OpenVPN: it answered something else");
        }
        fill(in, length, line);
        byte[] packet = new byte[length];
        in.get(packet);
        return packet;
    }

    private static void fill(ByteBuffer in, int count, Line line) throws IOException {
        while (in.remaining() < count) {
            line.read(in.compact());
            in.flip();
        }
    }
}
