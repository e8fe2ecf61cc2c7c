package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.route.Backend;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What one connection may connect to: the addresses of one backend after the other, whose name is resolved when its turn comes. */
final class Candidates {
    private static final Logger LOG = LogManager.getLogger(Candidates.class);

    private final Connection connection;
    private final @Nullable Origin origin;
    private final Resolver resolver;
    private @Nullable Backend only;
    private final @Nullable Iterator<Choice> others;
    private @Nullable Backend backend;
    private @Nullable Choice choice;
    private List<? extends SocketAddress> addresses = List.of();
    private int next;
    private @Nullable CompletableFuture<List<InetAddress>> pending;
    private boolean isOutOfReach;

    /**
     * The addresses of {@code only}, or where that is null of the backends of {@code choices}.
     *
     * @param origin where {@code connection} is to come from; null: from anywhere
     */
    Candidates(
            Connection connection,
            @Nullable Origin origin,
            Resolver resolver,
            @Nullable Backend only,
            @Nullable List<Choice> choices) {
        this.connection = connection;
        this.origin = origin;
        this.resolver = resolver;
        this.only = only;
        this.others = choices == null ? null : choices.iterator();
    }

    /** The backend whose turn it is. */
    Backend backend() {
        return Objects.requireNonNull(backend, "the first has had its turn");
    }

    /** As {@link #backend}, where it is one of several. */
    @Nullable
    Choice choice() {
        return choice;
    }

    /** The next address of this backend; null: there is none left. */
    @Nullable
    SocketAddress next() {
        return next < addresses.size() ? addresses.get(next++) : null;
    }

    /** Whether this backend has no address left. */
    boolean isBackendDone() {
        return next == addresses.size();
    }

    /** Whether nothing is left. */
    boolean isDone() {
        return isBackendDone() && pending == null && only == null && (others == null || !others.hasNext());
    }

    /** Goes on to the next backend; false: there is none. Its addresses are known, or {@link #pending}. */
    boolean advance() {
        if (only != null) {
            backend = only;
            only = null;
        } else if (others != null && others.hasNext()) {
            choice = others.next();
            backend = choice.backend();
        } else {
            return false;
        }
        if (backend instanceof Backend.Tcp tcp) {
            InetAddress literal = tcp.literal();
            if (literal != null) {
                take(List.of(new InetSocketAddress(literal, tcp.port())));
            } else {
                resolve(tcp);
            }
        } else if (backend instanceof Backend.Unix(String path)) {
            take(List.of(Addresses.of(path)));
        }
        return true;
    }

    private void resolve(Backend.Tcp tcp) {
        CompletableFuture<List<InetAddress>> answer = resolver.resolve(tcp.host());
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            resolved(answer.getNow(List.of()));
        } else {
            take(List.of());
            pending = answer;
        }
    }

    /** The addresses of this backend, which are still to come; null: they are known. */
    @Nullable
    CompletableFuture<List<InetAddress>> pending() {
        return pending;
    }

    /** What was {@link #pending} has come: none where it failed. */
    void resolved(List<InetAddress> answer) {
        pending = null;
        take(backend instanceof Backend.Tcp tcp ? Addresses.of(answer, tcp.port()) : List.of());
    }

    /** Whether there were addresses, and no connection can come to any of them from where it is to come from. */
    boolean isOutOfReach() {
        return isOutOfReach;
    }

    private void take(List<? extends SocketAddress> all) {
        addresses = origin == null ? all : within(origin, all);
        next = 0;
    }

    /** Those of {@code all} that can be reached from {@code origin}. */
    private List<? extends SocketAddress> within(Origin origin, List<? extends SocketAddress> all) {
        List<? extends SocketAddress> within = all.stream()
                .filter(address ->
                        !(address instanceof InetSocketAddress inet) || origin.reaches(inet.getAddress(), connection))
                .toList();
        if (within.isEmpty() && !all.isEmpty()) {
            isOutOfReach = true;
            LOG.debug(
                    "backend {}: no connection of {} can come to {} from {}: the other family, IPv4 or IPv6, or a"
                            + " link-local address",
                    backend,
                    connection.peer(),
                    all,
                    origin);
        }
        return within;
    }
}
