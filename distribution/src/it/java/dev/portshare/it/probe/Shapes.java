package dev.portshare.it.probe;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** First packets of OpenVPN clients that hold no key: right in all that can be seen, random in what a key would prove. */
public final class Shapes {
    private static final Map<String, Integer> DIGESTS =
            Map.of("MD5", 16, "SHA1", 20, "SHA224", 28, "SHA256", 32, "SHA384", 48, "SHA512", 64);
    private static final int OPCODE_V2 = 0x38;
    private static final int OPCODE_V3 = 0x50;
    private static final int EARLY = 0x0f000001;

    private final Random random;

    public Shapes(int seed) {
        random = new Random(seed);
    }

    /** By the mode's name. */
    public Map<String, byte[]> all() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("plain", plain());
        DIGESTS.keySet().stream().sorted().forEach(digest -> all.put("tls-auth " + digest, tlsAuth(digest)));
        all.put("tls-crypt", tlsCrypt());
        all.put("tls-crypt-v2", tlsCryptV2(299));
        return all;
    }

    public byte[] plain() {
        return packet(14, OPCODE_V2).put(new byte[5]).array();
    }

    public byte[] tlsAuth(String digest) {
        int size = DIGESTS.get(digest);
        return packet(22 + size, OPCODE_V2)
                .put(bytes(size))
                .putInt(1)
                .putInt(now())
                .put(new byte[5])
                .array();
    }

    public byte[] tlsCrypt() {
        return packet(54, OPCODE_V2).putInt(1).putInt(now()).put(bytes(32 + 5)).array();
    }

    /** With a wrapped client key of so many bytes. */
    public byte[] tlsCryptV2(int wrapped) {
        return packet(54 + wrapped, OPCODE_V3)
                .putInt(EARLY)
                .putInt(now())
                .put(bytes(32 + 5))
                .put(bytes(wrapped - 2))
                .putShort((short) wrapped)
                .array();
    }

    private static int now() {
        return (int) (System.currentTimeMillis() / 1000);
    }

    private ByteBuffer packet(int length, int opcode) {
        return ByteBuffer.allocate(2 + length)
                .putShort((short) length)
                .put((byte) opcode)
                .put(bytes(8));
    }

    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
