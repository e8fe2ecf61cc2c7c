package dev.portshare.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long tasks had to wait for each event loop in the last minute. One task a second measures it, and none more where one
 * still waits. A loop that is stuck shows at once.
 */
public final class Lags {
    private static final int SECONDS = 60;

    private final Telemetry telemetry;
    /** Since when a task waits for each loop; 0: none does. */
    private final AtomicLongArray asked;
    /** For each loop a ring of seconds, of each the nanoseconds. */
    private final AtomicLongArray waits;

    private volatile int second;

    public Lags(Telemetry telemetry) {
        this.telemetry = telemetry;
        this.asked = new AtomicLongArray(telemetry.loopCount());
        this.waits = new AtomicLongArray(telemetry.loopCount() * SECONDS);
    }

    /** Measures, and forgets what was measured a minute ago. To be called once a second. */
    public void tick() {
        second = (second + 1) % SECONDS;
        long now = System.nanoTime();
        for (int loop = 0; loop < asked.length(); loop++) {
            int measured = loop;
            waits.set(place(loop, second), 0);
            if (asked.compareAndSet(loop, 0, now)) {
                telemetry.execute(loop, () -> {
                    long wait = System.nanoTime() - asked.getAndSet(measured, 0);
                    waits.accumulateAndGet(place(measured, second), wait, Math::max);
                });
            }
        }
    }

    /** The longest wait of each loop in the last minute, in nanoseconds. */
    public long[] longest() {
        long[] longest = new long[asked.length()];
        for (int loop = 0; loop < longest.length; loop++) {
            long since = asked.get(loop);
            longest[loop] = since == 0 ? 0 : System.nanoTime() - since;
            for (int i = 0; i < SECONDS; i++) {
                longest[loop] = Math.max(longest[loop], waits.get(place(loop, i)));
            }
        }
        return longest;
    }

    private static int place(int loop, int second) {
        return loop * SECONDS + second;
    }
}
