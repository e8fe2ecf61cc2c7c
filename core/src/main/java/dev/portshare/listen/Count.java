package dev.portshare.listen;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections of all event loops there are of one kind. */
final class Count {
    private final AtomicInteger taken = new AtomicInteger();

    /** Counts one more, unless there are {@code most} or more. */
    boolean take(int most) {
        int now = taken.get();
        while (now < most) {
            int seen = taken.compareAndExchange(now, now + 1);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** Counts one more, whatever the limit. */
    void add() {
        taken.incrementAndGet();
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }
}
