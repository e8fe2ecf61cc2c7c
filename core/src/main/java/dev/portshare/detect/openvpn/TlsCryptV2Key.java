package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * tls-crypt-v2: each client has a key of its own, and sends it along, wrapped with the server's. Source: OpenVPN,
 * doc/tls-crypt-v2.txt.
 */
public final class TlsCryptV2Key extends OpenVpnKey {
    public static final String MODE = "tls-crypt-v2";

    static final String HEAD = "-----BEGIN OpenVPN tls-crypt-v2 server key-----";
    private static final String FOOT = "-----END OpenVPN tls-crypt-v2 server key-----";
    private static final int SIZE = 128;
    /** Where the HMAC key stands in it; in front is the cipher's. */
    private static final int HMAC_AT = 64;

    private static final int LENGTH_BYTES = 2;
    private static final int CLIENT_KEY_BYTES = 256;
    /** A byte of metadata in front of a time of 8. */
    private static final int TIMESTAMP = 1;

    private final ThreadLocal<Seal> wraps;
    /** For the key that the client has sent. */
    private final ThreadLocal<Seal> seals;

    private TlsCryptV2Key(byte[] used) {
        super(MODE, "", used);
        wraps = ThreadLocal.withInitial(() -> new Seal(used, 0, Seal.BYTES));
        seals = ThreadLocal.withInitial(() -> new Seal(used, 0, Seal.BYTES));
    }

    /**
     * Reads the text of a file that {@code openvpn --genkey tls-crypt-v2-server} makes.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead, and nothing of the key
     */
    public static TlsCryptV2Key parse(String text) {
        int head = text.indexOf(HEAD);
        if (head < 0 || text.indexOf("-----BEGIN ") < head) {
            throw KeyKind.insteadOf(HEAD, text);
        }
        int foot = text.indexOf(FOOT, head);
        if (foot < 0) {
            throw new IllegalArgumentException(
                    "the tls-crypt-v2 key does not end with \"" + FOOT + "\"; copy the whole file");
        }
        byte[] key = base64(text.substring(head + HEAD.length(), foot));
        if (key.length != SIZE) {
            throw new IllegalArgumentException("a tls-crypt-v2 key of " + key.length + " bytes; a server's has " + SIZE
                    + ": copy the whole file, or make a new one with openvpn --genkey tls-crypt-v2-server FILE");
        }
        byte[] used = Arrays.copyOf(key, 2 * Seal.BYTES);
        System.arraycopy(key, HMAC_AT, used, Seal.BYTES, Seal.BYTES);
        return new TlsCryptV2Key(used);
    }

    private static byte[] base64(String text) {
        StringBuilder digits = new StringBuilder(text.length());
        text.chars().filter(c -> c > ' ').forEach(c -> digits.append((char) c));
        try {
            return Base64.getDecoder().decode(digits.toString());
        } catch (IllegalArgumentException e) {
            // Its message has a character of the key in it.
            throw new IllegalArgumentException(
                    "the tls-crypt-v2 key is not whole base64; copy the file as it was made");
        }
    }

    @Override
    List<ResetLayout> layouts() {
        return ResetLayout.TLS_CRYPT_V2;
    }

    @Override
    @Nullable
    Proof prove(byte[] packet) {
        int lengthAt = packet.length - LENGTH_BYTES;
        int wrapped = (packet[lengthAt] & 0xFF) << 8 | (packet[lengthAt + 1] & 0xFF);
        int wrappedAt = packet.length - wrapped;
        byte[] client =
                wraps.get().open(packet, lengthAt, LENGTH_BYTES, wrappedAt, wrapped - Seal.BYTES - LENGTH_BYTES);
        if (client == null) {
            return null;
        }
        Seal seal = seals.get();
        seal.use(client, TlsCryptKey.CIPHER_AT, TlsCryptKey.HMAC_AT);
        if (!seal.opensReset(packet, wrappedAt)) {
            return null;
        }
        ClientKey key = new ClientKey(Arrays.copyOfRange(packet, wrappedAt, packet.length), issued(client));
        return proof(packet, Seal.RESET_TAG_AT, Seal.RESET_TIME_AT, key);
    }

    /** Of a client whose key is made for this packet, and is as old as it. */
    @Override
    byte[] firstPacket(byte[] sessionId, int time) {
        int hidden = CLIENT_KEY_BYTES + 1 + Long.BYTES;
        byte[] client = new byte[CLIENT_KEY_BYTES];
        new SecureRandom().nextBytes(client);
        int wrapped = Seal.BYTES + hidden + LENGTH_BYTES;
        Seal seal = new Seal(client, TlsCryptKey.CIPHER_AT, TlsCryptKey.HMAC_AT);
        byte[] packet = seal.reset(FirstPacket.RESET_V3, sessionId, time, wrapped);
        int lengthAt = packet.length - LENGTH_BYTES;
        int wrappedAt = packet.length - wrapped;
        ByteBuffer.wrap(packet)
                .putShort(lengthAt, (short) wrapped)
                .put(wrappedAt + Seal.BYTES, client)
                .put(wrappedAt + Seal.BYTES + CLIENT_KEY_BYTES, (byte) TIMESTAMP)
                .putLong(lengthAt - Long.BYTES, Integer.toUnsignedLong(time));
        wraps.get().close(packet, lengthAt, LENGTH_BYTES, wrappedAt, hidden);
        return packet;
    }

    @Override
    byte @Nullable [] answer(byte[] packet, byte[] first) {
        int lengthAt = first.length - LENGTH_BYTES;
        int wrapped = ByteBuffer.wrap(first).getShort(lengthAt);
        int hidden = wrapped - Seal.BYTES - LENGTH_BYTES;
        byte[] client = wraps.get().open(first, lengthAt, LENGTH_BYTES, first.length - wrapped, hidden);
        return client == null
                ? null
                : new Seal(client, TlsCryptKey.SERVER_CIPHER_AT, TlsCryptKey.SERVER_HMAC_AT).openAnswer(packet);
    }

    private static long issued(byte[] client) {
        boolean isTimed = client.length == CLIENT_KEY_BYTES + 1 + Long.BYTES && client[CLIENT_KEY_BYTES] == TIMESTAMP;
        return isTimed ? ByteBuffer.wrap(client).getLong(CLIENT_KEY_BYTES + 1) : ClientKey.UNKNOWN;
    }
}
