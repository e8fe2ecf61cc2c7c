package dev.portshare.admin;

import java.time.Instant;

/**
 * How a configuration was reloaded.
 *
 * @param lastSuccess when what is in force was read: the start, or the last reload that was not refused
 * @param lastFailed  whether the last one was refused
 */
public record Reloads(long succeeded, long failed, Instant lastSuccess, boolean lastFailed) {
    /** No reload yet, of a program that was started then. */
    public static Reloads none(Instant start) {
        return new Reloads(0, 0, start, false);
    }

    /** These and one more. */
    public Reloads and(boolean success, Instant when) {
        return success
                ? new Reloads(succeeded + 1, failed, when, false)
                : new Reloads(succeeded, failed + 1, lastSuccess, true);
    }
}
