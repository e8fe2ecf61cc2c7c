package dev.portshare.listen;

import dev.portshare.connection.Loop;
import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The listening sockets of one configuration, each with an {@link Acceptor} on every event loop. */
public final class Listener {
    private record Placed(Loop loop, Acceptor acceptor) {}

    private final List<ListeningSocket> sockets;
    private final List<Placed> acceptors = new ArrayList<>();

    private Listener(List<ListeningSocket> sockets) {
        this.sockets = sockets;
    }

    /**
     * Binds and listens on all of {@code addresses}; clients wait in the backlog until {@link #start}.
     *
     * @throws ListenException where one cannot be listened on; then none is
     */
    public static Listener open(List<ListenAddress> addresses) throws ListenException {
        if (!Epoll.isAvailable()) {
            throw new ListenException(
                    "portshare runs on Linux only, on x86-64 and aarch64 (glibc): " + Epoll.unavailabilityCause());
        }
        List<ListeningSocket> sockets = new ArrayList<>();
        try {
            for (ListenAddress address : addresses) {
                sockets.add(ListeningSocket.open(address));
            }
        } catch (ListenException e) {
            sockets.forEach(ListeningSocket::close);
            throw e;
        }
        return new Listener(sockets);
    }

    /** What is listened on, in the order of the configuration, with the ports that the kernel chose. */
    public List<String> addresses() {
        return sockets.stream().map(ListeningSocket::where).toList();
    }

    /** Begins to accept on each of {@code loops}, for {@code rules} to decide. */
    public void start(List<Loop> loops, Rules rules) {
        Set<ListeningSocket> deferring = sockets.stream()
                .filter(socket -> rules.defersAccept() && socket.deferAccept())
                .collect(Collectors.toSet());
        for (Loop loop : loops) {
            Clocks clocks = Clocks.on(loop, rules.timeouts());
            for (ListeningSocket socket : sockets) {
                Clocks own = deferring.contains(socket) ? clocks : clocks.undeferred();
                Acceptor acceptor = new Acceptor(socket, loop, rules, own);
                acceptors.add(new Placed(loop, acceptor));
                loop.execute(acceptor::start);
            }
        }
    }

    /** Accepts no more, then closes the sockets; completes when that is done. */
    public CompletableFuture<Void> stop() {
        return CompletableFuture.allOf(acceptors.stream()
                        .map(placed -> CompletableFuture.runAsync(placed.acceptor::stop, placed.loop))
                        .toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> sockets.forEach(ListeningSocket::close));
    }
}
