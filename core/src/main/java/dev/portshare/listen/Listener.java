package dev.portshare.listen;

import dev.portshare.connection.Loop;
import dev.portshare.systemd.PassedSockets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The listening sockets of one address, only ever several where they were passed, and an {@link Acceptor} on every event loop. */
final class Listener {
    private final List<ListeningSocket> sockets;
    private final List<String> where;
    private final List<Acceptor> acceptors = new ArrayList<>();

    private Listener(List<ListeningSocket> sockets) {
        this.sockets = sockets;
        this.where = sockets.stream().map(ListeningSocket::where).toList();
    }

    /**
     * Binds and listens; clients wait in the backlog until {@link #start}.
     *
     * @param leaving listeners that are closed soon, which a new one may overlap until then: 127.0.0.1:443 and 443
     * @throws ListenException where that cannot be, with a message for the operator
     */
    static Listener open(ListenAddress address, List<Listener> leaving) throws ListenException {
        if (address instanceof ListenAddress.Passed passed) {
            return new Listener(PassedSocket.open(passed, PassedSockets.ofThisProcess()));
        }
        List<ListeningSocket> overlapped = new ArrayList<>();
        for (Listener listener : leaving) {
            for (ListeningSocket socket : listener.sockets) {
                if (socket.port() == address.port() && !socket.isKept()) {
                    overlapped.add(socket);
                }
            }
        }
        overlapped.forEach(socket -> socket.sharePort(true));
        try {
            return new Listener(List.of(ListeningSocket.open(address, !overlapped.isEmpty())));
        } finally {
            overlapped.forEach(socket -> socket.sharePort(false));
        }
    }

    /** What it listens on, with the port that the kernel chose where 0 was asked for. */
    List<String> where() {
        return where;
    }

    /** Begins to accept on each loop that has {@code clocks}, for {@code rules} to decide; completes when all do. */
    CompletableFuture<Void> start(Map<Loop, Clocks> clocks, Rules rules) {
        for (ListeningSocket socket : sockets) {
            boolean defers = socket.deferAccept(rules.defersAccept());
            for (Map.Entry<Loop, Clocks> own : clocks.entrySet()) {
                acceptors.add(
                        new Acceptor(socket, own.getKey(), rules, own.getValue().deferred(defers)));
            }
        }
        return onEachLoop(Acceptor::start);
    }

    /** Has {@code rules} decide over whoever is accepted from now on; completes when every loop obeys. */
    CompletableFuture<Void> obey(Map<Loop, Clocks> clocks, Rules rules) {
        limitSilence(rules.timeouts().lost());
        sockets.forEach(socket -> socket.deferAccept(rules.defersAccept()));
        return onEachLoop(acceptor -> {
            Clocks own = Objects.requireNonNull(clocks.get(acceptor.loop()), "every loop has clocks");
            acceptor.obey(rules, own.deferred(acceptor.socket().defers()));
        });
    }

    /** Has the kernel give up clients of whom nothing is heard for {@code lost}: those that come from now on. Zero changes nothing. */
    void limitSilence(Duration lost) {
        for (ListeningSocket socket : sockets) {
            socket.limitSilence(lost);
        }
    }

    private CompletableFuture<Void> onEachLoop(Consumer<Acceptor> step) {
        List<CompletableFuture<Void>> steps = new ArrayList<>();
        for (Acceptor acceptor : acceptors) {
            steps.add(CompletableFuture.runAsync(() -> step.accept(acceptor), acceptor.loop()));
        }
        return Listeners.all(steps);
    }

    /** Accepts those who wait in the backlog, then no more, and closes the sockets; completes when that is done. */
    CompletableFuture<Void> stop() {
        return onEachLoop(Acceptor::stop).thenRun(this::close);
    }

    /** Closes the sockets, which have no acceptor any more, or none yet. */
    void close() {
        sockets.forEach(ListeningSocket::close);
    }
}
