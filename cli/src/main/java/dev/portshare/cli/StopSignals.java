package dev.portshare.cli;

import dev.portshare.Heartbeat;
import dev.portshare.Portshare;
import dev.portshare.Reloading;
import dev.portshare.cli.log.RunningLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import sun.misc.Signal;

/** The signals of a service. sun.misc.Signal is the JDK's only way to answer them and to choose the exit code. */
final class StopSignals {
    private static final Logger LOG = LogManager.getLogger(StopSignals.class);

    private StopSignals() {}

    /**
     * From now on TERM, INT and HUP are answered: completes when {@code portshare} is drained after one of the first two, or
     * at a second INT. At HUP {@code log} also looks after its file, whatever comes of the reload.
     */
    static CompletableFuture<Void> install(
            Portshare portshare, Heartbeat heartbeat, Reloading reloading, RunningLog log) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        AtomicInteger stops = new AtomicInteger();
        AtomicInteger interrupts = new AtomicInteger();
        Runnable stop = () -> {
            if (stops.incrementAndGet() == 1) {
                Duration drain = portshare.configuration().timeouts().drain();
                heartbeat.stopping();
                LOG.info("stopping: no new connections; live ones have {} s to end", drain.toSeconds());
                var _ = portshare.drain().whenComplete((_, _) -> ended.complete(null));
            }
        };
        Signal.handle(new Signal("TERM"), _ -> stop.run());
        Signal.handle(new Signal("INT"), _ -> {
            stop.run();
            if (interrupts.incrementAndGet() > 1) {
                ended.complete(null);
            }
        });
        Signal.handle(new Signal("HUP"), _ -> {
            log.follow();
            reloading.reload();
        });
        return ended;
    }
}
