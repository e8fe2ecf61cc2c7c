package dev.portshare.backend;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a warning that each connection could bring through once a minute. */
final class Sparingly {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong due = new AtomicLong(System.nanoTime());

    /** Whether it is due again; then not for a minute. */
    boolean mayWarn() {
        long now = System.nanoTime();
        long then = due.get();
        return now - then >= 0 && due.compareAndSet(then, now + PAUSE_NANOS);
    }
}
