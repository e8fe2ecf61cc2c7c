package dev.portshare.detect.tls;

import dev.portshare.detect.Detection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the handshake bytes of a head in order and steps over the record headers between them: a ClientHello may span
 * records, and a record border may stand anywhere (RFC 8446, 5.1).
 *
 * <p>It never looks ahead. So a byte that refuses a head refuses every longer one, and the verdict cannot depend on how
 * TCP cut the bytes. Nothing is allocated for bytes that have not come.
 */
final class HandshakeReader {
    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final int MAX_FRAGMENT = 1 << 14;

    private final ByteBuffer head;
    private int recordLeft;

    HandshakeReader(ByteBuffer head) {
        this.head = head;
    }

    /**
     * The next {@code width} bytes, at most 3, as a big-endian number from {@code min} to {@code max}.
     *
     * @throws Stop NO_MATCH with the first byte after which no number of that range is possible, and without reading
     *     when the range is empty; NEED_MORE when the head ends before
     */
    int number(int width, int min, int max) {
        require(min <= max);
        int value = 0;
        for (int bitsLeft = 8 * (width - 1); bitsLeft >= 0; bitsLeft -= 8) {
            value = value << 8 | next();
            // Numbers that begin so run from value << bitsLeft up to, but without, (value + 1) << bitsLeft.
            require(value << bitsLeft <= max && (value + 1) << bitsLeft > min);
        }
        return value;
    }

    /** The next {@code length} bytes as text, one char a byte (ISO 8859-1). They must have been passed once before. */
    String text(int length) {
        byte[] bytes = new byte[length];
        read(bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Copies the next {@code length} bytes to {@code to}, at {@code from}. They must have been passed once before. */
    void read(byte[] to, int from, int length) {
        for (int i = 0; i < length; i++) {
            to[from + i] = (byte) next();
        }
    }

    /** Passes {@code count} bytes, whatever they are. */
    void skip(int count) {
        int left = count;
        while (left > 0) {
            if (recordLeft == 0) {
                openRecord();
            }
            int step = Math.min(left, Math.min(recordLeft, head.remaining()));
            if (step == 0) {
                throw new Stop(Detection.Undecided.NEED_MORE);
            }
            head.position(head.position() + step);
            recordLeft -= step;
            left -= step;
        }
    }

    /** Where the next byte stands. */
    Mark mark() {
        return new Mark(head.position(), recordLeft);
    }

    void returnTo(Mark mark) {
        head.position(mark.position);
        recordLeft = mark.recordLeft;
    }

    /** Refuses the head unless the condition holds. */
    static void require(boolean condition) {
        if (!condition) {
            throw new Stop(Detection.Undecided.NO_MATCH);
        }
    }

    private int next() {
        if (recordLeft == 0) {
            openRecord();
        }
        if (!head.hasRemaining()) {
            throw new Stop(Detection.Undecided.NEED_MORE);
        }
        recordLeft--;
        return head.get() & 0xFF;
    }

    /** Reads a record's header. */
    private void openRecord() {
        recordLeft = RECORD_HEADER; // so that number() can read the header like any other bytes
        number(1, HANDSHAKE, HANDSHAKE);
        number(1, 3, 3); // SSL 3.0 to TLS 1.3 all say major version 3
        number(1, 0, 0xFF);
        recordLeft = number(2, 1, MAX_FRAGMENT); // a handshake record may not be empty
    }

    /** A place to return to: the next byte's index, and how much of its record is left there. */
    record Mark(int position, int recordLeft) {}

    /** Leaves the parser with a verdict, from any depth. It is no error: it carries no stack trace and costs little. */
    static final class Stop extends RuntimeException {
        private final Detection.Undecided verdict;

        private Stop(Detection.Undecided verdict) {
            super(null, null, false, false);
            this.verdict = verdict;
        }

        Detection verdict() {
            return verdict;
        }
    }
}
