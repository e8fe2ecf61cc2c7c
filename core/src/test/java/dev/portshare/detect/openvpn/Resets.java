package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.util.Random;

/** Builds first packets of OpenVPN clients for tests, length field included; what is free in them is random. */
public final class Resets {
    private final Random random;

    public Resets(Random random) {
        this.random = random;
    }

    public byte[] plain() {
        return packet(14, 0x38).put(new byte[5]).array();
    }

    /** With a digest of that many bytes, such as 20 for SHA1. */
    public byte[] tlsAuth(int digest) {
        return packet(22 + digest, 0x38)
                .put(bytes(digest))
                .putInt(1)
                .put(bytes(4))
                .put(new byte[5])
                .array();
    }

    public byte[] tlsCrypt() {
        return packet(54, 0x38).putInt(1).put(bytes(4 + 32 + 5)).array();
    }

    /** With a wrapped key of that many bytes, 290 to 1024 in the protocol. */
    public byte[] tlsCryptV2(int packetId, int wrappedKey) {
        return packet(54 + wrappedKey, 0x50)
                .putInt(packetId)
                .put(bytes(4 + 32 + 5))
                .put(bytes(wrappedKey - 2))
                .putShort((short) wrappedKey)
                .array();
    }

    private ByteBuffer packet(int length, int opcode) {
        return ByteBuffer.allocate(2 + length)
                .putShort((short) length)
                .put((byte) opcode)
                .put(bytes(8));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
