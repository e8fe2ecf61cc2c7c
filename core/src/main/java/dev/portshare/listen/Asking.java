package dev.portshare.listen;

import dev.portshare.connection.Deadline;
import dev.portshare.connection.Loop;
import java.time.Duration;

/**
 * When to ask anew what a large head is that grows. Each asking reads the head from its start: one for each byte of a client that
 * sends them one by one would cost seconds of a processor. So beyond {@link Loop#SMALL_HEAD} there are as many askings as the packets
 * of the largest hello, then one for each sixteenth that the head has grown by, and one for whatever came where none of
 * these was due in time. The verdict is the same whatever the client does; on such a client it comes a little later.
 */
final class Asking extends Deadline {
    /** A hello of 64 KiB comes in 45 packets. */
    static final int FREE = 64;

    private static final int PART = 16;
    /** After this time it is asked in any case. */
    private static final Duration LATEST = Duration.ofMillis(100);

    private final Runnable ask;
    private int free = FREE;
    private int asked;
    private int length;

    /** {@code ask} is run where time has passed; on the event loop. */
    Asking(Runnable ask) {
        this.ask = ask;
    }

    /** Whether to ask about a head that has grown to {@code length}; if not, its time to be asked about runs. */
    boolean isDue(int length, Loop loop) {
        this.length = length;
        boolean due = free > 0 || length - asked >= length / PART || length == Loop.HEAD_LIMIT;
        if (due) {
            free = Math.max(0, free - 1);
            asked = length;
            cancel();
        } else if (!isWaiting()) {
            loop.deadlines(LATEST).start(this);
        }
        return due;
    }

    /** Whether it has not been asked about a head of {@code length}. */
    boolean isBehind(int length) {
        return asked < length;
    }

    @Override
    protected void expired() {
        asked = length;
        ask.run();
    }
}
