package dev.portshare.detect.own;

import dev.portshare.detect.ByteReader;
import dev.portshare.detect.Detection;
import dev.portshare.detect.SequentialDetector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Recognises clients by bytes that stand at the start of what they send. */
public final class BytesDetector extends SequentialDetector {
    /** How many bytes can be asked for. */
    public static final int LIMIT = 1024;

    private final Detection match;
    private final byte[] bytes;
    private final byte[] mask;

    private BytesDetector(String protocol, byte[] bytes, byte[] mask) {
        match = Detection.Match.of(protocol);
        this.bytes = bytes;
        this.mask = mask;
    }

    /**
     * Clients that begin with {@code text}, in ASCII.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static BytesDetector prefix(String protocol, String text) {
        if (text.chars().anyMatch(c -> c > 0x7F)) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is more than ASCII, and could be sent in several encodings; write the bytes, as in"
                    + " hex: \"48 45\"");
        }
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return of(protocol, bytes, ones(bytes.length));
    }

    /**
     * Clients that begin with {@code hex}, such as {@code ff fb}; blanks mean nothing.
     *
     * @param mask of the same length: the bits that are compared; null: all
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static BytesDetector hex(String protocol, String hex, @Nullable String mask) {
        byte[] bytes = bytes(hex);
        byte[] compared = mask == null ? ones(bytes.length) : bytes(mask);
        if (bytes.length != compared.length) {
            throw new IllegalArgumentException("the mask has " + compared.length + " bytes, and \"hex\" has "
                    + bytes.length + "; write as many: ff compares a whole byte, 00 leaves it free");
        }
        return of(protocol, bytes, compared);
    }

    private static BytesDetector of(String protocol, byte[] bytes, byte[] mask) {
        if (bytes.length > LIMIT) {
            throw new IllegalArgumentException(bytes.length + " bytes are too many; write " + LIMIT + " at most");
        }
        boolean isFree = true;
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= mask[i];
            isFree &= mask[i] == 0;
        }
        if (isFree) {
            throw new IllegalArgumentException(
                    "a mask of zeros lets every client through; write ff for each byte that is compared");
        }
        return new BytesDetector(protocol, bytes, mask);
    }

    private static byte[] ones(int length) {
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 0xFF);
        return ones;
    }

    private static byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex.replace(" ", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + hex + "\" is not hexadecimal; write pairs of digits, such as \"ff fb\"", e);
        }
    }

    /** Whether it compares whole bytes, and all of them. */
    boolean isExact() {
        return Arrays.equals(mask, ones(mask.length));
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Whether all that it compares {@code other} compares as well, and finds the same. */
    boolean isWithin(BytesDetector other) {
        boolean within = bytes.length <= other.bytes.length;
        for (int i = 0; within && i < bytes.length; i++) {
            within = (mask[i] & ~other.mask[i]) == 0 && (other.bytes[i] & mask[i]) == bytes[i];
        }
        return within;
    }

    @Override
    protected Detection read(ByteReader in) {
        for (int i = 0; i < bytes.length; i++) {
            ByteReader.require((in.next() & mask[i]) == (bytes[i] & 0xFF));
        }
        return match;
    }
}
