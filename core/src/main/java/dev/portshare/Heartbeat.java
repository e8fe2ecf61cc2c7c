package dev.portshare;

import dev.portshare.connection.Loop;
import dev.portshare.systemd.NotifySocket;
import dev.portshare.telemetry.Telemetry;
import dev.portshare.telemetry.Totals;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how a portshare is (sd_notify(3)): that it is ready, reloads or stops, what it is doing in a line
 * for people, and that every event loop turns. Each beat has a task done by each of them; the watchdog is fed when all have
 * done so. One that is stuck holds up the beats, and the service manager starts the program anew.
 *
 * <p>Where there is no service manager, nothing of this happens.
 */
public final class Heartbeat implements ReloadObserver, AutoCloseable {
    private static final Logger LOG = LogManager.getLogger(Heartbeat.class);

    /** Between two beats, unless the watchdog wants them sooner. */
    private static final Duration PERIOD = Duration.ofSeconds(5);
    /** The line for people does not change more often than this. */
    private static final long STATUS_NANOS = Duration.ofSeconds(2).toNanos();
    /** How long the service manager shall wait for the next beat of one that stops, in microseconds. */
    private static final long EXTENSION_MICROS = TimeUnit.SECONDS.toMicros(30);

    private final @Nullable NotifySocket manager;
    private final Telemetry telemetry;
    private final Duration period;
    private final boolean feeds;
    private final LastMinute refused = new LastMinute();
    private String status = "";
    private long statusNanos;
    private boolean draining;
    private boolean ended;

    private Heartbeat(@Nullable NotifySocket manager, Telemetry telemetry, @Nullable Duration watchdog) {
        this.manager = manager;
        this.telemetry = telemetry;
        this.feeds = watchdog != null;
        this.period = watchdog == null || watchdog.dividedBy(3).compareTo(PERIOD) > 0 ? PERIOD : watchdog.dividedBy(3);
    }

    /**
     * Will tell, from {@link #start} on, of a portshare.
     *
     * @param telemetry   its own
     * @param environment tells whether there is a service manager, and what it wants
     */
    public static Heartbeat of(Telemetry telemetry, Map<String, String> environment) {
        NotifySocket manager = NotifySocket.of(environment);
        return manager == null
                ? new Heartbeat(null, telemetry, null)
                : new Heartbeat(
                        manager,
                        telemetry,
                        NotifySocket.watchdog(
                                environment, ProcessHandle.current().pid()));
    }

    /** Says that all addresses are listened on, and beats from now on. */
    public void start() {
        if (manager != null) {
            manager.send("READY=1");
            Thread.ofPlatform().daemon().name("systemd").start(this::run);
        }
    }

    /** Says that the configuration is being read anew. */
    @Override
    public void begins() {
        // What System.nanoTime reads is CLOCK_MONOTONIC.
        tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    /** Says that this is over, whether it was taken or refused: the program serves. */
    @Override
    public void ended(Reload result) {
        tell("READY=1");
    }

    /** Says that no new connections are taken, and from now on, as long as loops turn, that the live ones need time. */
    public synchronized void stopping() {
        draining = true;
        status = "";
        tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + EXTENSION_MICROS);
        notifyAll();
    }

    private void tell(String state) {
        if (manager != null) {
            manager.send(state);
        }
    }

    private void run() {
        try {
            while (!isEnded()) {
                beat(ask());
                pause();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException | IllegalStateException _) {
            // The loops have ended, and nobody waits for word of them.
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    /** Has every loop answer; returns when all have. */
    private Totals ask() throws InterruptedException {
        CompletableFuture<Totals> answer = telemetry.totals();
        try {
            try {
                return answer.get(period.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                LOG.warn(
                        "an event loop has not answered for {} ms. Is the machine overloaded? Otherwise report this:{}",
                        period.toMillis(),
                        stackTraces());
                return answer.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the event loops have ended", e);
        }
    }

    private static String stackTraces() {
        StringBuilder lines = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            if (thread.getName().startsWith(Loop.THREAD)) {
                lines.append('\n').append(thread.getName());
                for (StackTraceElement frame : frames) {
                    lines.append("\n\tat ").append(frame);
                }
            }
        });
        return lines.toString();
    }

    private synchronized void beat(Totals totals) {
        StringBuilder state = new StringBuilder();
        if (feeds) {
            state.append("WATCHDOG=1\n");
        }
        if (draining) {
            state.append("EXTEND_TIMEOUT_USEC=").append(EXTENSION_MICROS).append('\n');
        }
        long now = System.nanoTime();
        if (status.isEmpty() || now - statusNanos >= STATUS_NANOS) {
            long growth = refused.growth(now, totals.refused());
            String line = draining ? StatusLine.draining(totals) : StatusLine.serving(totals, growth);
            if (!line.equals(status)) {
                status = line;
                statusNanos = now;
                state.append("STATUS=").append(line).append('\n');
            }
        }
        if (!state.isEmpty()) {
            tell(state.toString());
        }
    }

    private synchronized void pause() throws InterruptedException {
        if (!ended) {
            TimeUnit.NANOSECONDS.timedWait(this, period.toNanos());
        }
    }

    /** No further beats. */
    @Override
    public synchronized void close() {
        ended = true;
        notifyAll();
    }
}
