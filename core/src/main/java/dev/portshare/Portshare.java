package dev.portshare;

import dev.portshare.backend.Resolver;
import dev.portshare.backend.Shared;
import dev.portshare.backend.Ways;
import dev.portshare.config.Configuration;
import dev.portshare.connection.Loop;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.handover.Handover;
import dev.portshare.handover.Takeover;
import dev.portshare.listen.Admission;
import dev.portshare.listen.Gates;
import dev.portshare.listen.Limits;
import dev.portshare.listen.ListenException;
import dev.portshare.listen.Listeners;
import dev.portshare.listen.Places;
import dev.portshare.listen.Rules;
import dev.portshare.os.User;
import dev.portshare.replay.ReplayMemory;
import dev.portshare.route.Mapping;
import dev.portshare.route.Proofs;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.session.BackendState;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.MappedAddresses;
import dev.portshare.session.Timeouts;
import dev.portshare.telemetry.Counters;
import dev.portshare.telemetry.Telemetry;
import dev.portshare.tls.ServerContexts;
import dev.portshare.tls.TlsUnavailableException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A running portshare: its event loops, its listeners, and the rules by which new connections are decided. */
public final class Portshare implements AutoCloseable {
    private final List<Loop> loops;
    private final Listeners listeners;
    private final Resolver resolver;
    private final Telemetry telemetry;
    private Configuration configuration;
    /** Null until a configuration wants it: the start of most has nothing to do with it. */
    private @Nullable PacketMemory memory;

    /** As {@link #memory}. */
    private @Nullable Shared shared;
    /** As {@link #memory}: who is there counts on under other limits. */
    private @Nullable Places places;
    /** Null until it serves. */
    private @Nullable Rules rules;

    private @Nullable CompletableFuture<Void> drained;

    private Portshare(
            List<Loop> loops,
            Listeners listeners,
            Resolver resolver,
            Telemetry telemetry,
            Configuration configuration,
            @Nullable PacketMemory memory) {
        this.loops = loops;
        this.listeners = listeners;
        this.resolver = resolver;
        this.telemetry = telemetry;
        this.configuration = configuration;
        this.memory = memory;
    }

    /**
     * Listens and serves.
     *
     * @param loopCount how many event loops, at least 1
     * @param observer  is told of each connection's end
     * @throws ListenException where an address cannot be listened on; then nothing is left behind
     * @throws IOException     as {@link #serve} does; nor then
     */
    public static Portshare start(Configuration configuration, int loopCount, ConnectionObserver observer)
            throws ListenException, IOException {
        Portshare portshare = bind(configuration, loopCount, observer);
        try {
            portshare.serve();
            portshare.sweep();
        } catch (IOException e) {
            portshare.close();
            throw e;
        }
        return portshare;
    }

    /** The same, but clients wait in the backlog until {@link #serve}: time to give up what only listening needed. */
    public static Portshare bind(Configuration configuration, int loopCount, ConnectionObserver observer)
            throws ListenException {
        return bind(configuration, loopCount, observer, null);
    }

    static Portshare bind(
            Configuration configuration, int loopCount, ConnectionObserver observer, @Nullable PacketMemory memory)
            throws ListenException {
        Listeners listeners =
                Listeners.open(configuration.listen(), configuration.timeouts().lost());
        List<Telemetry.Counted> counted = new ArrayList<>();
        for (int index = 0; index < loopCount; index++) {
            Counters ended = new Counters(observer);
            counted.add(new Telemetry.Counted(new Loop(index, loopCount, ended), ended));
        }
        List<Loop> loops = counted.stream().map(Telemetry.Counted::loop).toList();
        return new Portshare(loops, listeners, new Resolver(), new Telemetry(counted), configuration, memory);
    }

    /**
     * Has root make, before it becomes {@code user}, what {@code user} could not.
     *
     * @throws IOException saying what to do, where that cannot be
     */
    public synchronized void prepareFor(User user) throws IOException {
        if (configuration.hasKeys() || configuration.stateDirectory() != null) {
            memory().makeDirectory(configuration, user);
        }
        for (Route route : configuration.allRoutes()) {
            if (route.journal() != null) {
                OwnedDirectory.make(route.journal().directory(), "journal", "rwxr-x---", user);
            }
        }
    }

    /**
     * Begins to accept; once, after {@link #bind}, and as the user that the process stays.
     *
     * @throws IOException saying what to do, where what is to outlive the process cannot be opened, or the machine does not permit what
     *                     a route asks for
     */
    public synchronized void serve() throws IOException {
        openMemory(configuration);
        rules = rules(configuration);
        listeners.start(loops, rules);
        inForce(rules.ways());
    }

    private void inForce(Ways ways) {
        if (shared != null) {
            shared.inForce(ways, resolver);
        }
        ways.lookUp(resolver);
    }

    /** Clears away what an earlier process left in journals; once those of its connections that go on were {@link #takeOver taken over}. */
    public synchronized void sweep() {
        if (shared != null && rules != null) {
            Ways ways = rules.ways();
            // Not before each event loop has gone on with what it was given.
            var _ = onEachLoop(_ -> CompletableFuture.completedFuture(null)).thenRunAsync(ways::sweep);
        }
    }

    private Rules rules(Configuration configuration) throws IOException {
        try {
            return newRules(configuration);
        } catch (TlsUnavailableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Rules newRules(Configuration configuration) throws IOException {
        return new Rules(
                new Classifier(configuration.allDetectors()),
                new RouteTable(configuration.routes()),
                ways(configuration),
                configuration.timeouts(),
                resolver,
                admission(configuration),
                configuration.access(),
                gates(configuration),
                places(configuration),
                tls(configuration));
    }

    /** Who has knocked under the rules in force goes on under the next. */
    private @Nullable Gates gates(Configuration configuration) {
        return configuration.gates().isEmpty()
                ? null
                : new Gates(configuration.gates(), rules == null ? null : rules.gates());
    }

    private @Nullable Places places(Configuration configuration) {
        Limits limits = configuration.limits();
        if (limits == null) {
            return null;
        }
        places = places == null ? Places.of(limits) : places.under(limits);
        return places;
    }

    /** As with ways: most configurations end no TLS. What stays as it was keeps its sessions. */
    private @Nullable ServerContexts tls(Configuration configuration) {
        return Route.endTls(configuration.routes())
                ? new ServerContexts(configuration.routes(), rules == null ? null : rules.tls())
                : null;
    }

    /** Nothing of what ways share is even loaded where no configuration has a source, a journal or several backends. */
    private Ways ways(Configuration configuration) throws IOException {
        List<Route> routes = configuration.allRoutes();
        Timeouts timeouts = configuration.timeouts();
        return Shared.isNeeded(routes)
                ? shared().open(routes, timeouts, Objects.requireNonNullElse(configuration.mapping(), Mapping.DEFAULT))
                : new Ways(routes, timeouts, null);
    }

    private Shared shared() {
        Shared made = shared == null ? new Shared(loops) : shared;
        shared = made;
        return made;
    }

    private PacketMemory memory() {
        PacketMemory made = memory == null ? new PacketMemory(System.getenv()) : memory;
        memory = made;
        return made;
    }

    /** Whether the memory of packets has been opened by this; nothing of it is even loaded where no configuration has keys. */
    private boolean openMemory(Configuration configuration) throws IOException {
        return (memory != null || configuration.hasKeys()) && memory().open(configuration);
    }

    /** Whether the memory of packets is where {@code configuration} wants it; else it will be when portshare is started anew. */
    synchronized boolean remembersWhere(Configuration configuration) {
        return memory == null || memory.isWhere(configuration);
    }

    private @Nullable Admission admission(Configuration configuration) {
        ReplayMemory replays = memory == null ? null : memory.of(configuration);
        if (replays == null) {
            return null;
        }
        List<NamedDetector> others = new ArrayList<>(configuration.allDetectors());
        others.removeIf(row -> row.name().equals(Detectors.OPENVPN));
        return new Admission(
                Proofs.areRequired(configuration.allRoutes()) ? new Classifier(others) : null,
                configuration.openVpnClock(),
                replays,
                InstantSource.system());
    }

    /**
     * Puts {@code configuration} in force, for every connection that is accepted from now on. Those that were accepted before
     * keep their rules: the ones whose head is being read are decided by the old routes, and all keep their clocks, also where
     * their listener is removed. A listening address that both configurations have stays open, with those who wait there.
     * Returns when every event loop obeys; never call it on one.
     *
     * @return what changed
     * @throws ListenException where a new address cannot be listened on, or it is being stopped; then all is as it was
     * @throws IOException     where it is the first that has something to remember, and that cannot be opened; as well
     */
    public synchronized Listeners.Changes reload(Configuration configuration) throws ListenException, IOException {
        boolean opened = openMemory(configuration);
        try {
            Rules next = rules(configuration);
            Listeners.Changes changes = listeners.reload(configuration.listen(), next);
            opened = false;
            rules = next;
            next.ways().inForce();
            inForce(next.ways());
            this.configuration = configuration;
            sweep();
            return changes;
        } finally {
            if (opened) {
                memory().close();
            }
        }
    }

    /** What is in force. */
    public synchronized Configuration configuration() {
        return configuration;
    }

    /** Whether it accepts no more. */
    public synchronized boolean isDraining() {
        return drained != null;
    }

    /** What is listened on, in the order of the configuration, with the ports that the kernel chose where 0 was asked for. */
    public synchronized List<String> addresses() {
        return listeners.addresses();
    }

    /** The addresses that stand for clients'; null where no route has ever had any. */
    public synchronized @Nullable MappedAddresses mapped() {
        return shared == null ? null : shared.pool();
    }

    /** How the backends of {@code route} are, where it has several; none otherwise. */
    public synchronized List<BackendState> backends(String route) {
        return shared == null || rules == null ? List.of() : rules.ways().states(route);
    }

    /**
     * Has a backend that shares its routes with others get no new connections, or get them again.
     *
     * @return what has been done, a sentence for the operator
     * @throws IOException where that cannot be done; with a message for the operator
     */
    public synchronized String drain(String backend, boolean undo) throws IOException {
        if (shared == null || rules == null) {
            throw new IOException("no route has several backends");
        }
        return shared.drain(rules.ways(), backend, undo);
    }

    /** For how many addresses each gate is open, under what it opens; empty: there are none. */
    public synchronized Map<String, Integer> gates() {
        return rules == null || rules.gates() == null ? Map.of() : rules.gates().counts();
    }

    List<Loop> loops() {
        return loops;
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
            drained = drain(listeners.stop());
        }
        return drained;
    }

    /** As {@link #drain}, but first sends every live connection through {@code handover}: what is left then are those that it did not take. */
    public synchronized CompletableFuture<Void> handOn(Handover handover) {
        Gates own = rules == null ? null : rules.gates();
        CompletableFuture<Void> sent = listeners
                .stop()
                .thenRun(() -> {
                    if (own != null) {
                        handover.send(own.carry());
                    }
                })
                .thenCompose(_ -> onEachLoop(loop -> {
                    handover.send(loop);
                    return CompletableFuture.completedFuture(null);
                }));
        if (drained == null) {
            drained = drain(sent);
        }
        return drained;
    }

    /**
     * Goes on with the connections that wait in {@code socket}, where another process sent them through a {@link Handover}; once it
     * serves.
     *
     * @return how many
     */
    public synchronized int takeOver(int socket) {
        Rules own = Objects.requireNonNull(rules, "it serves");
        AtomicInteger count = new AtomicInteger();
        Takeover.receive(
                socket,
                carried -> listeners.resume(loops.get(count.getAndIncrement() % loops.size()), carried, own),
                knocks -> {
                    if (own.gates() != null) {
                        own.gates().resume(knocks);
                    }
                });
        return count.get();
    }

    private CompletableFuture<Void> drain(CompletableFuture<Void> stopped) {
        Duration drain = configuration.timeouts().drain();
        return stopped.thenCompose(_ -> onEachLoop(Loop::whenEmpty))
                .completeOnTimeout(null, drain.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(_ -> closeConnections());
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
        listeners.stop().thenCompose(_ -> closeConnections()).join();
        List<Future<?>> ended = loops.stream()
                .<Future<?>>map(loop -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS))
                .toList();
        ended.forEach(Future::syncUninterruptibly);
        if (shared != null) {
            shared.close();
        }
        resolver.close();
        if (memory != null) {
            memory.close();
        }
    }
}
