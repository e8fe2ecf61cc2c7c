package dev.portshare;

import dev.portshare.backend.Resolver;
import dev.portshare.config.Configuration;
import dev.portshare.connection.Loop;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detectors;
import dev.portshare.listen.ListenException;
import dev.portshare.listen.Listener;
import dev.portshare.listen.Rules;
import dev.portshare.route.RouteTable;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionObserver;
import dev.portshare.telemetry.Counters;
import dev.portshare.telemetry.Telemetry;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A running portshare: its event loops, its listeners, and the rules by which new connections are decided. */
public final class Portshare implements AutoCloseable {
    private final List<Loop> loops;
    private final Listener listener;
    private final Resolver resolver;
    private final Duration drain;
    private final Telemetry telemetry;
    private final List<String> addresses;
    private @Nullable CompletableFuture<Void> drained;

    private Portshare(List<Loop> loops, Listener listener, Resolver resolver, Duration drain, Telemetry telemetry) {
        this.loops = loops;
        this.listener = listener;
        this.resolver = resolver;
        this.drain = drain;
        this.telemetry = telemetry;
        this.addresses = listener.addresses();
    }

    /**
     * Listens and serves.
     *
     * @param loopCount how many event loops, at least 1
     * @param observer  is told of each connection's end
     * @throws ListenException where an address cannot be listened on; then nothing is left behind
     */
    public static Portshare start(Configuration configuration, int loopCount, ConnectionObserver observer)
            throws ListenException {
        Listener listener = Listener.open(configuration.listen());
        Resolver resolver = new Resolver();
        List<Telemetry.Counted> counted = new ArrayList<>();
        for (int index = 0; index < loopCount; index++) {
            Counters ended = new Counters(observer);
            counted.add(new Telemetry.Counted(new Loop(index, loopCount, ended), ended));
        }
        List<Loop> loops = counted.stream().map(Telemetry.Counted::loop).toList();
        Rules rules = new Rules(
                new Classifier(Detectors.BUILTIN),
                new RouteTable(configuration.routes()),
                configuration.timeouts(),
                resolver);
        Portshare portshare = new Portshare(
                loops, listener, resolver, configuration.timeouts().drain(), new Telemetry(counted));
        listener.start(loops, rules);
        return portshare;
    }

    /** What is listened on, in the order of the configuration, with the ports that the kernel chose where 0 was asked for. */
    public List<String> addresses() {
        return addresses;
    }

    /** What it has done so far, and its live connections. */
    public Telemetry telemetry() {
        return telemetry;
    }

    /**
     * Accepts no more, lets live connections go on until they have ended or {@code timeouts.drain} has passed, and closes
     * what is left then. Completes when no connection is left.
     */
    public synchronized CompletableFuture<Void> drain() {
        if (drained == null) {
            drained = listener.stop()
                    .thenCompose(_ -> onEachLoop(Loop::whenEmpty))
                    .completeOnTimeout(null, drain.toMillis(), TimeUnit.MILLISECONDS)
                    .thenCompose(_ -> closeConnections());
        }
        return drained;
    }

    private CompletableFuture<Void> closeConnections() {
        return onEachLoop(loop -> {
            loop.closeAll(CloseReason.STOPPED);
            return loop.whenEmpty();
        });
    }

    private CompletableFuture<Void> onEachLoop(Function<Loop, CompletableFuture<Void>> action) {
        return CompletableFuture.allOf(loops.stream()
                .map(loop -> CompletableFuture.completedFuture(loop).thenComposeAsync(action, loop))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Ends at once: closes every connection, and returns when nothing of this runs any more. Later calls do nothing. */
    @Override
    public synchronized void close() {
        if (loops.getFirst().isShuttingDown()) {
            return;
        }
        listener.stop().thenCompose(_ -> closeConnections()).join();
        List<Future<?>> ended = loops.stream()
                .<Future<?>>map(loop -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS))
                .toList();
        ended.forEach(Future::syncUninterruptibly);
        resolver.close();
    }
}
