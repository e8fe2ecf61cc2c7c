package dev.portshare.cli;

import dev.portshare.Heartbeat;
import dev.portshare.Portshare;
import dev.portshare.Reloading;
import dev.portshare.cli.log.RunningLog;
import dev.portshare.handover.Handover;
import dev.portshare.os.ErrnoException;
import dev.portshare.systemd.NotifySocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
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
        Consumer<Boolean> stop = handsOn -> {
            if (stops.incrementAndGet() == 1) {
                heartbeat.stopping();
                Handover handover = handsOn ? handover() : null;
                var _ = (handover == null ? drain(portshare) : handOn(portshare, handover))
                        .whenComplete((_, _) -> ended.complete(null));
            }
        };
        Signal.handle(
                new Signal("TERM"), _ -> stop.accept(portshare.configuration().handsOn()));
        Signal.handle(new Signal("INT"), _ -> {
            stop.accept(false);
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

    private static CompletableFuture<Void> drain(Portshare portshare) {
        Duration drain = portshare.configuration().timeouts().drain();
        LOG.info("stopping: no new connections; live ones have {} s to end", drain.toSeconds());
        return portshare.drain();
    }

    private static CompletableFuture<Void> handOn(Portshare portshare, Handover handover) {
        LOG.info("stopping: no new connections; live ones are handed on to the process that follows");
        return portshare
                .handOn(handover)
                .whenComplete((_, _) -> LOG.info("handed on {} connection(s)", handover.count()));
    }

    /** By way of the service manager; null where there is none that keeps connections. */
    private static @Nullable Handover handover() {
        NotifySocket manager = NotifySocket.of(System.getenv());
        try {
            return manager == null ? null : Handover.by(manager);
        } catch (ErrnoException e) {
            LOG.warn("at-restart: hand-on: cannot, since {}", e.getMessage());
            return null;
        }
    }
}
