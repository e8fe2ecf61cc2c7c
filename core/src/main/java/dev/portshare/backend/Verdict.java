package dev.portshare.backend;

import dev.portshare.route.Backend;
import dev.portshare.route.Health;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Whether one backend can be had, by what its connections and its checks met. Failures in a row make it down; then, one connection
 * at a time tries it again, after pauses that grow, and the first that succeeds makes it up. Where it is checked, checks alone do.
 * Of any thread.
 */
final class Verdict {
    private static final Logger LOG = LogManager.getLogger(Verdict.class);
    /** How long a connection that tries whether it is up again keeps others from that. */
    private static final Duration TRIAL = Duration.ofSeconds(5);

    private final Backend backend;
    private final Health health;
    private volatile int failures;

    private long pause;
    private long retryAt;
    private volatile boolean isDown;
    private volatile String why = "";

    Verdict(Backend backend, Health health) {
        this.backend = backend;
        this.health = health;
    }

    Health health() {
        return health;
    }

    boolean isDown() {
        return isDown;
    }

    /** What it failed of last. */
    String why() {
        return why;
    }

    /** Whether it is up, or it is time to try that. */
    boolean isWorthTrying(long now) {
        return !isDown || isDue(now);
    }

    private synchronized boolean isDue(long now) {
        return health.check() == null && retryAt - now <= 0;
    }

    /** Whether the caller is to connect to it: it is up, or the caller is who tries that. */
    boolean admits(long now) {
        return !isDown || isTrial(now);
    }

    private synchronized boolean isTrial(long now) {
        boolean isTrial = isDue(now);
        if (isTrial) {
            retryAt = now + Math.max(pause, TRIAL.toNanos());
        }
        return isTrial;
    }

    /** A connection to it, or a check, came to nothing. */
    synchronized void failed(String why, long now) {
        failures = Math.min(failures + 1, Integer.MAX_VALUE - 1);
        this.why = why;
        if (isDown) {
            pause = Math.min(
                    2 * pause, Math.max(Health.LONGEST.toNanos(), health.retry().toNanos()));
            retryAt = now + pause;
            LOG.debug("backend {} is still down: {}", backend, why);
        } else if (failures >= health.failures()) {
            pause = health.retry().toNanos();
            retryAt = now + pause;
            isDown = true;
            LOG.warn(
                    "backend {} is down: {}, {} in a row; {}",
                    backend,
                    why,
                    failures == 1 ? "1 failure" : failures + " failures",
                    health.check() == null
                            ? "tried again after " + health.retry().toMillis() + " ms"
                            : "its check goes on");
        }
    }

    /** It has taken a connection. */
    void connected() {
        // While it is down and checked, only its check knows whether it does what it is there for.
        if (failures != 0 && !(isDown && health.check() != null)) {
            succeeded();
        }
    }

    /** It is as it should be. */
    synchronized void succeeded() {
        failures = 0;
        if (isDown) {
            isDown = false;
            LOG.info("backend {} is up again", backend);
        }
    }
}
