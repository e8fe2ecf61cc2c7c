package dev.portshare.detect.openvpn;

import java.util.Arrays;

/** A file that {@code openvpn --genkey secret} makes: 2048 bits, of which each use takes its own part. */
public final class StaticKey {
    static final String HEAD = "-----BEGIN OpenVPN Static key V1-----";
    private static final String FOOT = "-----END OpenVPN Static key V1-----";
    private static final int SIZE = 256;

    private final byte[] bytes;

    private StaticKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads the file's text as OpenVPN does (crypto.c, read_key_file): what stands in front of the head line and behind the foot
     * line does not count, and neither does what there is beyond 256 bytes.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead, and nothing of the key
     */
    public static StaticKey parse(String text) {
        String[] lines = text.split("\n", -1);
        int line = 0;
        while (line < lines.length && !lines[line].startsWith(HEAD)) {
            line++;
        }
        if (line == lines.length) {
            throw KeyKind.insteadOf(HEAD, text);
        }
        byte[] bytes = new byte[SIZE];
        int digits = 0;
        for (line++; line < lines.length && !lines[line].startsWith("-"); line++) {
            digits = digits(lines[line], line + 1, bytes, digits);
        }
        if (digits < 2 * SIZE) {
            throw new IllegalArgumentException("an OpenVPN static key of " + digits / 2 + " bytes; it has " + SIZE
                    + ": copy the whole file, or make a new one with openvpn --genkey secret FILE");
        }
        while (line < lines.length && !lines[line].startsWith(FOOT)) {
            line++;
        }
        if (line == lines.length) {
            throw new IllegalArgumentException("the OpenVPN static key does not end with \"" + FOOT
                    + "\"; copy the whole file: OpenVPN does not read it so either");
        }
        return new StaticKey(bytes);
    }

    /** Appends the hexadecimal digits of {@code line}; {@code digits} have been read before. */
    private static int digits(String line, int number, byte[] bytes, int digits) {
        int count = digits;
        for (int i = 0; i < line.length() && count < 2 * SIZE; i++) {
            char c = line.charAt(i);
            int value = c < 0x80 ? Character.digit(c, 16) : -1;
            if (value >= 0) {
                bytes[count / 2] |= (byte) (count % 2 == 0 ? value << 4 : value);
                count++;
            } else if (c != ' ' && (c < '\t' || c > '\r')) {
                throw new IllegalArgumentException(
                        "line " + number + " of the OpenVPN static key has something else in it"
                                + " than hexadecimal digits; copy the file as it was made");
            }
        }
        return count;
    }

    /** The key that clients sign with. */
    byte[] hmac(KeyDirection direction, int size) {
        return part(direction.hmacAt(), size);
    }

    byte[] part(int from, int size) {
        return Arrays.copyOfRange(bytes, from, from + size);
    }
}
