package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How tls-crypt hides and signs: HMAC-SHA256 over what stays in the clear and what does not; AES-256-CTR of the latter, the
 * counter beginning with the code's first half. For one thread at a time. Source: OpenVPN, tls_crypt.h.
 */
final class Seal {
    /** A key's, and the authentication code's. */
    static final int BYTES = 32;

    private static final int IV_BYTES = 16;
    /** Where in a client's first packet the authentication code stands: behind opcode, session id, packet id and time. */
    static final int RESET_TAG_AT = ResetLayout.HEADER_BYTES + 8;

    static final int RESET_TIME_AT = RESET_TAG_AT - Integer.BYTES;
    private static final String HMAC = "HmacSHA256";
    private static final String AES = "AES";

    private final Mac mac;
    private final Cipher cipher;
    private SecretKeySpec key;

    /** With the keys that stand at those places. */
    Seal(byte[] keys, int cipherAt, int hmacAt) {
        try {
            mac = Mac.getInstance(HMAC);
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            mac.init(new SecretKeySpec(keys, hmacAt, BYTES, HMAC));
            key = new SecretKeySpec(keys, cipherAt, BYTES, AES);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** From now on with these keys. */
    void use(byte[] keys, int cipherAt, int hmacAt) {
        try {
            mac.init(new SecretKeySpec(keys, hmacAt, BYTES, HMAC));
            key = new SecretKeySpec(keys, cipherAt, BYTES, AES);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * What was sealed.
     *
     * @param clearAt  where what stays in the clear begins
     * @param tagAt    where the authentication code does, and behind it what is hidden
     * @param hidden   the length of the latter
     * @return null: it was not sealed with these keys
     */
    byte @Nullable [] open(byte[] bytes, int clearAt, int clear, int tagAt, int hidden) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(bytes, tagAt, IV_BYTES));
            byte[] plain = cipher.doFinal(bytes, tagAt + BYTES, hidden);
            mac.update(bytes, clearAt, clear);
            byte[] tag = mac.doFinal(plain);
            return MessageDigest.isEqual(tag, Arrays.copyOfRange(bytes, tagAt, tagAt + BYTES)) ? plain : null;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * Seals: puts the authentication code at {@code tagAt}, and hides the bytes that stand behind it.
     *
     * @param clearAt  where what stays in the clear begins
     */
    void close(byte[] bytes, int clearAt, int clear, int tagAt, int hidden) {
        try {
            mac.update(bytes, clearAt, clear);
            mac.update(bytes, tagAt + BYTES, hidden);
            System.arraycopy(mac.doFinal(), 0, bytes, tagAt, BYTES);
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(bytes, tagAt, IV_BYTES));
            byte[] sealed = cipher.doFinal(bytes, tagAt + BYTES, hidden);
            System.arraycopy(sealed, 0, bytes, tagAt + BYTES, hidden);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * A client's first packet, sealed with these keys, and room behind it.
     *
     * @param opcode of the packet, with key id
     */
    byte[] reset(byte opcode, byte[] sessionId, int time, int room) {
        int length = RESET_TAG_AT + BYTES + FirstPacket.RESET_BYTES;
        ByteBuffer packet = ByteBuffer.allocate(length + room);
        packet.put(opcode).put(sessionId).putInt(FirstPacket.PACKET_ID).putInt(time);
        close(packet.array(), 0, RESET_TAG_AT, RESET_TAG_AT, FirstPacket.RESET_BYTES);
        return packet.array();
    }

    /** What is hidden in a server's packet, sealed with these keys; null: it is not. */
    byte @Nullable [] openAnswer(byte[] packet) {
        int hidden = packet.length - RESET_TAG_AT - BYTES;
        return hidden < 0 ? null : open(packet, 0, RESET_TAG_AT, RESET_TAG_AT, hidden);
    }

    /** Whether the first {@code length} bytes are a client's first packet, sealed with these keys: what is hidden in it is zero. */
    boolean opensReset(byte[] packet, int length) {
        byte[] plain = open(packet, 0, RESET_TAG_AT, RESET_TAG_AT, length - RESET_TAG_AT - BYTES);
        if (plain == null) {
            return false;
        }
        int bits = 0;
        for (byte b : plain) {
            bits |= b;
        }
        return bits == 0; // No acknowledged packets, and message id 0.
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every Java has AES in counter mode and HMAC with SHA-256", e);
    }
}
