package dev.portshare.detect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the bytes of a head in order. It never looks ahead: so a byte that refuses a head refuses every longer one, and the
 * verdict cannot depend on how TCP cut the bytes. Nothing is allocated for bytes that have not come.
 */
public class ByteReader {
    protected final ByteBuffer head;
    private final int start;
    private final int max;

    public ByteReader(ByteBuffer head) {
        this(head, Integer.MAX_VALUE);
    }

    /** Reads {@code max} bytes at most: whatever wants more is refused. */
    public ByteReader(ByteBuffer head, int max) {
        this.head = head;
        this.max = max;
        start = head.position();
    }

    /**
     * The next byte, 0 to 255.
     *
     * @throws Stop NEED_MORE when the head ends before
     */
    public int next() {
        require(count() < max);
        if (!head.hasRemaining()) {
            throw Stop.NEED_MORE;
        }
        return head.get() & 0xFF;
    }

    /**
     * The next {@code width} bytes, at most 3, as a big-endian number from {@code min} to {@code max}.
     *
     * @throws Stop NO_MATCH with the first byte after which no number of that range is possible, and without reading
     *     when the range is empty; NEED_MORE when the head ends before
     */
    public final int number(int width, int min, int max) {
        require(min <= max);
        int value = 0;
        for (int bitsLeft = 8 * (width - 1); bitsLeft >= 0; bitsLeft -= 8) {
            value = value << 8 | next();
            // Numbers that begin so run from value << bitsLeft up to, but without, (value + 1) << bitsLeft.
            require(value << bitsLeft <= max && (value + 1) << bitsLeft > min);
        }
        return value;
    }

    /**
     * Passes {@code bytes}, one char a byte.
     *
     * @throws Stop NO_MATCH with the first that differs
     */
    public final void pass(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            require(next() == bytes.charAt(i));
        }
    }

    /** Passes {@code count} bytes, whatever they are. */
    public void skip(int count) {
        require(count <= max - count());
        int step = Math.min(count, head.remaining());
        head.position(head.position() + step);
        if (step < count) {
            throw Stop.NEED_MORE;
        }
    }

    /** The big-endian number in the next two bytes. */
    public final int nextShort() {
        return next() << 8 | next();
    }

    /**
     * Whether {@code first}, which was just read, ends a line: LF, or CR before LF.
     *
     * @throws Stop NO_MATCH after a CR that stands alone
     */
    public final boolean isLineEnd(int first) {
        if (first == '\r') {
            require(next() == '\n');
            return true;
        }
        return first == '\n';
    }

    /**
     * Passes printable characters, {@code first} the one that was just read, and the line's end behind them.
     *
     * @param max how many bytes will have been read then, at most
     */
    public final void passLine(int first, int max) {
        int c = first;
        while (isPrintable(c)) {
            require(count() < max);
            c = next();
        }
        require(count() < max || c == '\n');
        require(isLineEnd(c));
    }

    /** The byte that was read last. */
    public final int last() {
        return head.get(head.position() - 1) & 0xFF;
    }

    /** How many bytes have been read. */
    public final int count() {
        return head.position() - start;
    }

    /** What was read from {@code from}, counted like {@link #count}, to before {@code to}; one char a byte (ISO 8859-1). */
    public final String text(int from, int to) {
        byte[] bytes = new byte[to - from];
        head.get(start + from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Refuses the head unless the condition holds. */
    public static void require(boolean condition) {
        if (!condition) {
            throw Stop.NO_MATCH;
        }
    }

    /** Whether {@code b} is a character of ASCII that is seen, or a space. */
    public static boolean isPrintable(int b) {
        return b >= ' ' && b < 0x7F;
    }

    public static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    public static boolean isLetter(int b) {
        return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
    }

    public static boolean isHexDigit(int b) {
        return isDigit(b) || ((b | 0x20) >= 'a' && (b | 0x20) <= 'f');
    }

    /** Leaves a detector with a verdict, from any depth. There are two, made once: they are no errors, and cost nothing. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // what is wrong with it is the stack trace: there is none
    public static final class Stop extends RuntimeException {
        private static final Stop NEED_MORE = new Stop(Detection.Undecided.NEED_MORE);
        private static final Stop NO_MATCH = new Stop(Detection.Undecided.NO_MATCH);

        private final Detection.Undecided verdict;

        private Stop(Detection.Undecided verdict) {
            super(null, null, false, false);
            this.verdict = verdict;
        }

        public Detection verdict() {
            return verdict;
        }
    }
}
