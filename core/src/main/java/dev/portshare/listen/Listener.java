package dev.portshare.listen;

import dev.portshare.connection.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A listening socket, and its {@link Acceptor} on every event loop. */
final class Listener {
    private final ListeningSocket socket;
    private final String where;
    private final List<Acceptor> acceptors = new ArrayList<>();

    private Listener(ListeningSocket socket) {
        this.socket = socket;
        this.where = socket.where();
    }

    /**
     * Binds and listens; clients wait in the backlog until {@link #start}.
     *
     * @throws ListenException where that cannot be, with a message for the operator
     */
    static Listener open(ListenAddress address) throws ListenException {
        return new Listener(ListeningSocket.open(address));
    }

    /** What it listens on, with the port that the kernel chose where 0 was asked for. */
    String where() {
        return where;
    }

    /** Begins to accept on each loop that has {@code clocks}, for {@code rules} to decide; completes when all do. */
    CompletableFuture<Void> start(Map<Loop, Clocks> clocks, Rules rules) {
        boolean defers = socket.deferAccept(rules.defersAccept());
        for (Map.Entry<Loop, Clocks> own : clocks.entrySet()) {
            acceptors.add(
                    new Acceptor(socket, own.getKey(), rules, own.getValue().deferred(defers)));
        }
        return onEachLoop(Acceptor::start);
    }

    /** Has {@code rules} decide over whoever is accepted from now on; completes when every loop obeys. */
    CompletableFuture<Void> obey(Map<Loop, Clocks> clocks, Rules rules) {
        boolean defers = socket.deferAccept(rules.defersAccept());
        return onEachLoop(acceptor -> {
            Clocks own = Objects.requireNonNull(clocks.get(acceptor.loop()), "every loop has clocks");
            acceptor.obey(rules, own.deferred(defers));
        });
    }

    private CompletableFuture<Void> onEachLoop(Consumer<Acceptor> step) {
        List<CompletableFuture<Void>> steps = new ArrayList<>();
        for (Acceptor acceptor : acceptors) {
            steps.add(CompletableFuture.runAsync(() -> step.accept(acceptor), acceptor.loop()));
        }
        return Listeners.all(steps);
    }

    /** Accepts those who wait in the backlog, then no more, and closes the socket; completes when that is done. */
    CompletableFuture<Void> stop() {
        return onEachLoop(Acceptor::stop).thenRun(this::close);
    }

    /** Closes the socket, which has no acceptor any more, or none yet. */
    void close() {
        socket.close();
    }
}
