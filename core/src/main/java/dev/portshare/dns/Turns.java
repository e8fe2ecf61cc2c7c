package dev.portshare.dns;

import java.time.Duration;

/** Runs tasks one after the other. */
public interface Turns {
    /** The clock of {@link #after}, as {@link System#nanoTime}. */
    long nanoTime();

    /** Runs {@code task} once {@code delay} has passed, never within this call; not at all where all is over before. */
    void after(Duration delay, Runnable task);
}
