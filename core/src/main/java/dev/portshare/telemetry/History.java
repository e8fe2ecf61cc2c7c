package dev.portshare.telemetry;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the program did in the last hour, in steps of five seconds: a ring of numbers. For one thread. */
public final class History {
    /** Between two calls of {@link #add}. */
    public static final Duration STEP = Duration.ofSeconds(5);
    /** How many steps are kept. */
    public static final int LENGTH = (int) (Duration.ofHours(1).toSeconds() / STEP.toSeconds());

    /** What is kept of each step. */
    public enum Series {
        /** How many connections lived at its end. */
        ACTIVE,
        /** How many were accepted. */
        ACCEPTED,
        /** How many were refused. */
        REFUSED,
        /** Bytes from clients to backends. */
        IN,
        /** Bytes from backends to clients. */
        OUT;

        private long step(Totals before, Totals now) {
            return switch (this) {
                case ACTIVE -> now.active();
                case ACCEPTED -> now.accepted() - before.accepted();
                case REFUSED -> now.refused() - before.refused();
                case IN -> now.in() - before.in();
                case OUT -> now.out() - before.out();
            };
        }
    }

    private final Map<Series, long[]> rings = new EnumMap<>(Series.class);
    private int count;
    private @Nullable Totals before;

    /** Nothing yet. */
    public History() {
        for (Series series : Series.values()) {
            rings.put(series, new long[LENGTH]);
        }
    }

    /** What there is at the end of a step. The first call only says from where to count. */
    public void add(Totals now) {
        Totals before = this.before;
        this.before = now;
        if (before != null) {
            rings.forEach((series, ring) -> ring[count % LENGTH] = series.step(before, now));
            count++;
        }
    }

    /** How many steps there have been, of which {@link #LENGTH} are kept. */
    public int count() {
        return count;
    }

    /** The values of the last {@code last} steps, or of as many as there are, the oldest first. */
    public long[] values(Series series, int last) {
        int length = Math.min(last, Math.min(count, LENGTH));
        long[] ring = rings.getOrDefault(series, new long[LENGTH]);
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
            values[i] = ring[(count - length + i) % LENGTH];
        }
        return values;
    }
}
