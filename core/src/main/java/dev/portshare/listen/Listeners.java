package dev.portshare.listen;

import dev.portshare.connection.Carried;
import dev.portshare.connection.Connection;
import dev.portshare.connection.Loop;
import dev.portshare.connection.ProxiedConnection;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Timeouts;
import dev.portshare.splice.Splice;
import dev.portshare.systemd.PassedSockets;
import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The listeners in force, under their notations and in the order of the configuration. What two configurations name alike
 * stays open from one to the next. For one thread at a time.
 */
public final class Listeners {
    /** Of each event loop; there are none before {@link #start}. */
    private final Map<Loop, Clocks> clocks = new LinkedHashMap<>();

    private Map<String, Listener> listeners;
    private @Nullable Timeouts timeouts;
    private @Nullable CompletableFuture<Void> stopped;

    /**
     * What a reload changed.
     *
     * @param added   where it listens since then, as {@link Listeners#addresses} writes it
     * @param removed where it listens no more
     */
    public record Changes(List<String> added, List<String> removed) {}

    private Listeners(Map<String, Listener> listeners) {
        this.listeners = listeners;
    }

    /**
     * Binds and listens on all of {@code addresses}; clients wait in the backlog until {@link #start}.
     *
     * @param lost as {@code timeouts} have it
     * @throws ListenException where some cannot be listened on; then none is
     */
    public static Listeners open(List<ListenAddress> addresses, Duration lost) throws ListenException {
        if (!Epoll.isAvailable()) {
            throw new ListenException(
                    "portshare runs on Linux only, on x86-64 and aarch64 (glibc): " + Epoll.unavailabilityCause());
        }
        return new Listeners(open(addresses, Map.of(), lost));
    }

    /** Those of {@code known} that {@code addresses} name, and the others opened. */
    private static Map<String, Listener> open(List<ListenAddress> addresses, Map<String, Listener> known, Duration lost)
            throws ListenException {
        // By their text: a record's own equals and hashCode are linked at their first use, which takes 10 ms.
        Map<String, Listener> listeners = new LinkedHashMap<>();
        List<Listener> leaving = new ArrayList<>(known.values());
        for (ListenAddress address : addresses) {
            leaving.remove(known.get(address.toString()));
        }
        List<Listener> opened = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (ListenAddress address : addresses) {
            Listener listener = known.get(address.toString());
            if (listener == null) {
                try {
                    listener = Listener.open(address, leaving);
                    // At once: what has come to the backlog stays as it was when it came.
                    listener.limitSilence(lost);
                    opened.add(listener);
                } catch (ListenException e) {
                    problems.addAll(e.problems());
                    continue;
                }
            }
            listeners.put(address.toString(), listener);
        }
        if (!problems.isEmpty()) {
            opened.forEach(Listener::close);
            throw new ListenException(problems);
        }
        PassedSocket.warnOfUnused(PassedSockets.ofThisProcess(), addresses);
        return listeners;
    }

    /** What is listened on, in the order of the configuration, with the ports that the kernel chose. */
    public List<String> addresses() {
        return addresses(listeners.values());
    }

    private static List<String> addresses(Collection<Listener> listeners) {
        return listeners.stream().flatMap(listener -> listener.where().stream()).toList();
    }

    /** Begins to accept on each of {@code loops}, for {@code rules} to decide. */
    public void start(List<Loop> loops, Rules rules) {
        wind(loops, rules.timeouts());
        Places places = rules.places();
        if (places != null) {
            limitHeads(places);
        }
        for (Listener listener : listeners.values()) {
            var _ = listener.start(clocks, rules);
        }
    }

    /**
     * Goes on on {@code loop} with a connection that another process accepted, once {@link #start} was called. One that had no backend
     * yet is decided by {@code rules}; all have the clocks of new ones.
     */
    public void resume(Loop loop, Carried carried, Rules rules) {
        Clocks own = Objects.requireNonNull(clocks.get(loop), "every loop has clocks");
        loop.execute(() -> {
            Connection connection =
                    carried.header() == null ? new Connection(loop, carried) : new ProxiedConnection(loop, carried);
            Places places = rules.places();
            if (places != null) {
                places.adopt(connection);
            }
            if (rules.deniesByNow(connection)) {
                connection.close(CloseReason.DENIED);
            } else if (carried.stage() instanceof Carried.Spliced stage) {
                String route = carried.session().route();
                rules.ways().adopt(connection, route);
                Splice.resume(connection, stage, own.still(loop, rules.ways().named(route)));
            } else if (carried.stage() instanceof Carried.Head(byte[] head)) {
                HeadReader reader = connection instanceof ProxiedConnection proxied
                        ? new ProxiedHeadReader(proxied, rules, own)
                        : new HeadReader(connection, rules, own);
                reader.start(head);
            }
        });
    }

    /** Gives new connections clocks of these lengths; the old ones serve on where nothing has changed. */
    private void wind(Collection<Loop> loops, Timeouts timeouts) {
        if (this.timeouts == null || !this.timeouts.equals(timeouts)) {
            this.timeouts = timeouts;
            for (Loop loop : loops) {
                clocks.put(loop, Clocks.on(loop, timeouts));
            }
        }
    }

    /**
     * From now on listens on {@code addresses}, and has {@code rules} decide over whoever is accepted. Whoever they deny is let in no
     * more, and ended if they were. Listeners that stay are not closed; of one that goes, those who wait in its backlog are accepted still. Returns when every event loop obeys,
     * so never call it on one.
     *
     * @throws ListenException where a new address cannot be listened on; then all is as it was
     */
    public Changes reload(List<ListenAddress> addresses, Rules rules) throws ListenException {
        if (stopped != null) {
            throw new ListenException("portshare is stopping, and takes no new rules");
        }
        Map<String, Listener> before = listeners;
        Map<String, Listener> after = open(addresses, before, rules.timeouts().lost());
        listeners = after;
        wind(List.copyOf(clocks.keySet()), rules.timeouts());
        List<Listener> added = new ArrayList<>();
        List<Listener> removed = new ArrayList<>();
        List<CompletableFuture<Void>> steps = new ArrayList<>();
        after.forEach((notation, listener) -> {
            if (before.containsKey(notation)) {
                steps.add(listener.obey(clocks, rules));
            } else {
                added.add(listener);
                steps.add(listener.start(clocks, rules));
            }
        });
        before.forEach((notation, listener) -> {
            if (!after.containsKey(notation)) {
                removed.add(listener);
            }
        });
        Changes changes = new Changes(addresses(added), addresses(removed));
        removed.forEach(listener -> steps.add(listener.stop()));
        Places places = rules.places();
        limitHeads(places);
        if (rules.denySome() || places != null) {
            clocks.keySet().forEach(loop -> steps.add(CompletableFuture.runAsync(() -> judgeAnew(loop, rules), loop)));
        }
        all(steps).join();
        return changes;
    }

    private void limitHeads(@Nullable Places places) {
        int most = places == null ? 0 : places.largeHeads(clocks.size());
        clocks.keySet().forEach(loop -> loop.execute(() -> loop.limitLargeHeads(most)));
    }

    /** Ends those who were let in and would not be now: whoever bans a client wants it gone. The others count, whatever the limits. */
    private static void judgeAnew(Loop loop, Rules rules) {
        Places places = rules.places();
        for (Connection connection : loop.connections()) {
            if (rules.deniesByNow(connection)) {
                connection.close(CloseReason.DENIED);
            } else if (places != null) {
                places.adopt(connection);
            }
        }
    }

    /** Accepts those who wait in the backlog, then no more, and closes the sockets; completes when that is done. */
    public CompletableFuture<Void> stop() {
        if (stopped == null) {
            stopped = all(listeners.values().stream().map(Listener::stop).toList());
        }
        return stopped;
    }

    static CompletableFuture<Void> all(List<CompletableFuture<Void>> steps) {
        return CompletableFuture.allOf(steps.toArray(CompletableFuture<?>[]::new));
    }
}
