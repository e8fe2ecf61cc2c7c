package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the first packet of an OpenVPN client looks like on TCP: a big-endian length, then that many bytes, a hard
 * reset. Source: OpenVPN 2.6.14, src/openvpn/ssl_pkt.c, tls_crypt.c, tls_crypt.h; checked against packets of the real
 * client.
 *
 * @param minLength the least value of the length field, in bytes
 * @param maxLength its greatest; more than the least only in a packet that ends with a wrapped client key
 * @param bytes     the whole packet from the length field on, or its beginning: one char a byte, {@link #ANY} for a
 *                  byte that is free
 */
record ResetLayout(int minLength, int maxLength, String bytes) {
    private static final char ANY = '\u0100';
    static final int LENGTH_BYTES = 2;
    /** Opcode and session id. */
    static final int HEADER_BYTES = 9;

    private static final String LENGTH = any(LENGTH_BYTES);
    /** P_CONTROL_HARD_RESET_CLIENT_V2 and _V3. */
    private static final String RESET_V2 = opcode(7);

    private static final String RESET_V3 = opcode(10);
    private static final int SESSION_ID_AT = 3;
    private static final int SESSION_ID_BYTES = 8;
    private static final String SESSION_ID = any(SESSION_ID_BYTES);
    /** The replay counter starts at 1; tls-crypt-v2 clients add that they can negotiate early (EARLY_NEG_START). */
    private static final String PACKET_ID = "\0\0\0\1";

    private static final String PACKET_ID_EARLY = "\u000f\0\0\1";
    private static final String TIME = any(4);
    /** No acknowledged packets, then message id 0. */
    private static final String NO_ACKS_MESSAGE_0 = "\0" + "\0\0\0\0";
    /** Tag and encrypted {@link #NO_ACKS_MESSAGE_0}. */
    private static final String SEALED = any(32 + 5);

    private static final int WRAPPED_KEY_MIN = 290;
    private static final int WRAPPED_KEY_MAX = 1024;

    /** Digest sizes of {@code auth}: MD5, SHA1, SHA224, SHA256, MD5-SHA1, SHA384, SHA512. */
    private static final List<Integer> DIGESTS = List.of(16, 20, 28, 32, 36, 48, 64);

    static final ResetLayout TLS_CRYPT = tlsCrypt();
    static final List<ResetLayout> TLS_CRYPT_V2 = List.of(tlsCryptV2(PACKET_ID), tlsCryptV2(PACKET_ID_EARLY));

    static final List<ResetLayout> ALL = Stream.of(
                    Stream.of(plain()),
                    DIGESTS.stream().map(ResetLayout::tlsAuth),
                    Stream.of(TLS_CRYPT),
                    TLS_CRYPT_V2.stream())
            .flatMap(rows -> rows)
            .toList();

    /** How a head and a layout compare. */
    enum Comparison {
        /** A byte rules the layout out. */
        DIFFERS,
        /** No byte does, and the packet is not complete. */
        BEGINS,
        /** The whole packet is there. */
        WHOLE
    }

    private static ResetLayout plain() {
        return ofOneLength(LENGTH + RESET_V2 + SESSION_ID + NO_ACKS_MESSAGE_0);
    }

    /** With a digest of that many bytes. */
    static ResetLayout tlsAuth(int digest) {
        return ofOneLength(LENGTH + RESET_V2 + SESSION_ID + any(digest) + PACKET_ID + TIME + NO_ACKS_MESSAGE_0);
    }

    private static ResetLayout tlsCrypt() {
        return ofOneLength(LENGTH + RESET_V2 + SESSION_ID + PACKET_ID + TIME + SEALED);
    }

    private static ResetLayout tlsCryptV2(String packetId) {
        String bytes = LENGTH + RESET_V3 + SESSION_ID + packetId + TIME + SEALED;
        int length = bytes.length() - LENGTH.length();
        return new ResetLayout(length + WRAPPED_KEY_MIN, length + WRAPPED_KEY_MAX, bytes);
    }

    private static ResetLayout ofOneLength(String bytes) {
        int length = bytes.length() - LENGTH.length();
        return new ResetLayout(length, length, bytes);
    }

    /** The opcode in the upper five bits, key id 0 in the lower three. */
    private static String opcode(int number) {
        return String.valueOf((char) (number << 3));
    }

    private static String any(int count) {
        return String.valueOf(ANY).repeat(count);
    }

    /** Compares every byte that is there, from position to limit; moves neither. */
    Comparison compare(ByteBuffer head, Scramble scramble) {
        int start = head.position();
        int size = head.remaining();
        if (size < LENGTH_BYTES) {
            return size == 0 || lengthCanBegin(head.get(start) & 0xFF) ? Comparison.BEGINS : Comparison.DIFFERS;
        }
        int length = (head.get(start) & 0xFF) << 8 | (head.get(start + 1) & 0xFF);
        boolean fits = minLength <= length
                && length <= maxLength
                && knownBytesFit(head, start, size, length, scramble)
                && sessionIdFits(head, start, size, length, scramble)
                && (minLength == maxLength || keyLengthFits(head, start, size, length, scramble));
        if (!fits) {
            return Comparison.DIFFERS;
        }
        return size < LENGTH_BYTES + length ? Comparison.BEGINS : Comparison.WHOLE;
    }

    private boolean lengthCanBegin(int high) {
        return minLength >> 8 <= high && high <= maxLength >> 8;
    }

    private boolean knownBytesFit(ByteBuffer head, int start, int size, int length, Scramble scramble) {
        for (int i = LENGTH_BYTES; i < bytes.length(); i++) {
            char known = bytes.charAt(i);
            if (known != ANY && !isOrWillCome(known, scramble.plain(head, start, size, length, i))) {
                return false;
            }
        }
        return true;
    }

    /** Never all zero. */
    private static boolean sessionIdFits(ByteBuffer head, int start, int size, int length, Scramble scramble) {
        for (int i = SESSION_ID_AT; i < SESSION_ID_AT + SESSION_ID_BYTES; i++) {
            if (scramble.plain(head, start, size, length, i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** A packet that ends with a wrapped key ends with that key's length. */
    private boolean keyLengthFits(ByteBuffer head, int start, int size, int length, Scramble scramble) {
        int keyLength = length + LENGTH_BYTES - bytes.length();
        // The packet's last byte stands at index length + 1.
        return isOrWillCome(keyLength >> 8, scramble.plain(head, start, size, length, length))
                && isOrWillCome(keyLength & 0xFF, scramble.plain(head, start, size, length, length + 1));
    }

    private static boolean isOrWillCome(int known, int plain) {
        return plain == known || plain < 0;
    }
}
