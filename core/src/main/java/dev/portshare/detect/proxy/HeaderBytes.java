package dev.portshare.detect.proxy;

import java.nio.ByteBuffer;

/** Reads the bytes of a header in order, and never looks ahead: a byte that refuses a head refuses every longer one. */
final class HeaderBytes {
    private final ByteBuffer head;
    private final int start;

    HeaderBytes(ByteBuffer head) {
        this.head = head;
        this.start = head.position();
    }

    /**
     * The next byte, 0 to 255.
     *
     * @throws Stop NEED_MORE where there is none yet
     */
    int next() {
        if (!head.hasRemaining()) {
            throw new Stop(ProxyReading.Undecided.NEED_MORE);
        }
        return head.get() & 0xff;
    }

    /** Passes {@code text}, one char a byte, or refuses. */
    void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            require(next() == text.charAt(i));
        }
    }

    /** Passes {@code count} bytes, whatever they are. */
    void skip(int count) {
        if (head.remaining() < count) {
            throw new Stop(ProxyReading.Undecided.NEED_MORE);
        }
        head.position(head.position() + count);
    }

    /** Where the next byte stands, from the header's first. */
    int place() {
        return head.position() - start;
    }

    void returnTo(int place) {
        head.position(start + place);
    }

    /** {@code length} bytes that have been passed, from {@code place}. */
    ByteBuffer passed(int place, int length) {
        return head.slice(start + place, length);
    }

    /** A copy of all that has been passed: what is read from belongs to the event loop. */
    ByteBuffer copy() {
        return ByteBuffer.allocate(place()).put(passed(0, place())).flip();
    }

    /** Refuses the head unless the condition holds. */
    static void require(boolean condition) {
        if (!condition) {
            throw new Stop(ProxyReading.Undecided.NO_HEADER);
        }
    }

    /** Leaves the reading with its result, from any depth. It is no error: it carries no stack trace and costs little. */
    static final class Stop extends RuntimeException {
        private final ProxyReading.Undecided reading;

        private Stop(ProxyReading.Undecided reading) {
            super(null, null, false, false);
            this.reading = reading;
        }

        ProxyReading reading() {
            return reading;
        }
    }
}
