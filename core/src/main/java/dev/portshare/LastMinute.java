package dev.portshare;

import java.time.Duration;
import java.util.ArrayDeque;

/** How much a count has grown in the last minute, as far as it was looked at. */
final class LastMinute {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private record Reading(long nanos, long count) {}

    private final ArrayDeque<Reading> readings = new ArrayDeque<>();

    /** Takes in that the count is {@code count} at {@code nanos}, and returns the growth. */
    long growth(long nanos, long count) {
        readings.addLast(new Reading(nanos, count));
        while (nanos - readings.getFirst().nanos > MINUTE) {
            readings.removeFirst();
        }
        return count - readings.getFirst().count;
    }
}
