package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Deadline;
import dev.portshare.connection.Deadlines;
import dev.portshare.connection.Side;
import dev.portshare.route.Backend;
import dev.portshare.session.CloseReason;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's way to its backend: one backend after the other, resolve its name, try its addresses, hand over the head, all
 * before one deadline. An address that does not answer soon is overtaken by the next, and may still be first (RFC 8305). It tells its
 * {@link Outcome} once, unless it is abandoned or the connection closed before that.
 */
public final class Connecting extends Deadline {
    private static final Logger LOG = LogManager.getLogger(Connecting.class);
    /** What came of it. */
    public interface Outcome {
        /** The backend's side is connected, watched, and has the head, sent or kept; it wants somebody to tell. */
        void connected();

        /** There is no backend's side. */
        void failed(CloseReason reason);
    }

    private final Connection connection;
    private final Way way;
    private final Resolver resolver;
    private final @Nullable Origin origin;
    private final Opening opening;
    private final Dialling dialling;
    private final Outcome outcome;
    private @Nullable Candidates candidates;
    /** The address that was tried last, and has not answered yet. */
    private @Nullable Attempt attempt;
    /** Those that it has overtaken. */
    private int overtaken;

    private @Nullable Deadline patience;
    /** Whose TLS is being begun. */
    private @Nullable Choice shaking;

    private @Nullable Backend chosen;
    private CloseReason failure = CloseReason.BACKEND_UNREACHABLE;
    private boolean over;

    private Connecting(Connection connection, Way way, Resolver resolver, Outcome outcome) {
        this.connection = connection;
        this.way = way;
        this.resolver = resolver;
        this.origin = way.origin() == null ? null : way.origin().forOne();
        this.opening = new Opening(connection, way.proxyProtocol(), way.tls() != null);
        this.dialling = new Dialling(connection, way, origin, opening);
        this.outcome = outcome;
    }

    /**
     * Sets out on {@code way}; the outcome may be told before this returns. What the backend is told of the client is what is known now.
     *
     * @param headLength    how many bytes at the start of the loop's buffer, from the client, the backend is to get first
     */
    public static Connecting start(
            Connection connection, Way way, int headLength, Resolver resolver, Deadlines deadlines, Outcome outcome) {
        Connecting connecting = new Connecting(connection, way, resolver, outcome);
        connecting.opening.precede(headLength);
        connection.secondDeadline(connecting);
        deadlines.start(connecting);
        Group group = way.group();
        if (group == null) {
            connecting.tryAll(new Candidates(connection, connecting.origin, resolver, way.backend(), null));
        } else {
            connecting.choose(group);
        }
        return connecting;
    }

    /** The head, so many bytes at the start of the loop's buffer, that was not known yet when this was started. */
    public void head(int length) {
        opening.precede(length);
        opening.keep();
    }

    /** The head, as far as it is kept for a backend that is not connected yet. */
    public byte[] head() {
        return opening.head();
    }

    /** Where it leads, as far as that is decided. */
    public Object backend() {
        return chosen == null ? way : chosen;
    }

    /** Whether the head may follow what the backend has been told, or is to be told, of the client. */
    public boolean isUpToDate() {
        return !opening.tells()
                || opening.isUpToDate() && !(over && connection.requireBackend().isBlocked());
    }

    /** Gives up; the outcome is not told. */
    public void abandon() {
        end();
        connection.closeBackend();
    }

    private void end() {
        over = true;
        cancel();
        settle();
    }

    /** None of the addresses is waited for any more. */
    private void settle() {
        attempt = null;
        if (patience != null) {
            patience.cancel();
        }
        connection.closeAside();
        overtaken = 0;
    }

    private void choose(Group group) {
        var answer = group.pending(resolver);
        if (answer == null) {
            tryAll(among(group));
            return;
        }
        await(answer, services -> {
            group.take(services);
            tryAll(among(group));
        });
    }

    private Candidates among(Group group) {
        return new Candidates(connection, origin, resolver, null, group.order(connection));
    }

    /** Goes on with {@code next} when {@code answer} has come, or with what is left where none comes. */
    private <T> void await(CompletableFuture<List<T>> answer, Consumer<List<T>> next) {
        opening.keep();
        var _ = answer.whenCompleteAsync(
                (found, error) -> connection.run((_, _) -> {
                    if (over) {
                        return;
                    }
                    if (error != null) {
                        LOG.debug("no address for backend {}: {}", way, error.getMessage());
                        failure = CloseReason.BACKEND_UNKNOWN;
                        failed(candidates == null ? null : candidates.choice(), failure);
                    }
                    next.accept(error == null ? found : List.of());
                }),
                connection.loop());
    }

    private void tryAll(Candidates candidates) {
        this.candidates = candidates;
        tryNext(candidates);
    }

    private void tryNext(Candidates candidates) {
        // While a name is being resolved, whoever answers first may have failed.
        while (!over && candidates.pending() == null) {
            SocketAddress address = candidates.next();
            if (address != null) {
                if (tryAt(candidates, address)) {
                    return;
                }
            } else if (!candidates.advance()) {
                giveUp(candidates);
                return;
            } else {
                towards(candidates.backend());
                var pending = candidates.pending();
                if (pending != null) {
                    await(pending, found -> {
                        candidates.resolved(found);
                        tryNext(candidates);
                    });
                    return;
                }
            }
        }
    }

    private void towards(Backend backend) {
        chosen = backend;
        connection.towards(backend);
    }

    /** Nothing is left to try; what was overtaken may still answer. */
    private void giveUp(Candidates candidates) {
        if (overtaken > 0) {
            return;
        }
        if (dialling.lacksPorts()) {
            fail(CloseReason.NO_PORTS);
        } else {
            boolean isOut = candidates.isOutOfReach() && failure == CloseReason.BACKEND_UNREACHABLE;
            fail(isOut ? CloseReason.NO_SOURCE : failure);
        }
    }

    /** Whether this address may still do; if it is connected already, the outcome has been told. */
    private boolean tryAt(Candidates candidates, SocketAddress address) {
        Side side = dialling.dial(address);
        if (side == null) {
            failure = dialling.failure();
            if (candidates.isBackendDone()) {
                failed(candidates.choice(), failure);
            }
            return false;
        }
        if (dialling.isConnected()) {
            side.watch(false);
            connected(side, candidates.backend(), candidates.choice(), dialling.sent());
        } else {
            attempt = new Attempt(
                    this, side, candidates.backend(), candidates.choice(), address, candidates.isBackendDone());
            side.tell(attempt);
            side.watch(true);
            opening.keep();
            bePatient(candidates);
        }
        return true;
    }

    /** It counts against a backend that none of its addresses did. */
    private void failed(@Nullable Choice choice, CloseReason reason) {
        if (choice != null && reason != CloseReason.NO_DESCRIPTORS && reason != CloseReason.NO_PORTS) {
            choice.verdict().failed(reason.toString(), connection.now());
        }
    }

    /** Waits for the address tried last, if there is another, no longer than that takes as a rule. */
    private void bePatient(Candidates candidates) {
        if (candidates.isDone()) {
            return;
        }
        if (patience == null) {
            patience = new Deadline() {
                @Override
                protected void expired() {
                    connection.run((_, _) -> overtake(candidates));
                }
            };
        }
        connection.loop().deadlines(way.patience(candidates.isBackendDone())).start(patience);
    }

    /** The address tried last has not answered: the next is tried besides, or instead where a connection is known by its port. */
    private void overtake(Candidates candidates) {
        Attempt slow = attempt;
        if (over || slow == null) {
            return;
        }
        attempt = null;
        LOG.debug("backend {} at {}: no answer yet", slow.backend(), slow.address());
        failure = CloseReason.BACKEND_TIMEOUT;
        if (slow.isLast()) {
            failed(slow.choice(), CloseReason.BACKEND_TIMEOUT);
        }
        if (origin == null && way.journal() == null) {
            connection.setAside();
            overtaken++;
        }
        tryNext(candidates);
    }

    /** {@code answered} is connected, or cannot be. */
    void ready(Attempt answered) throws IOException {
        if (over) {
            return;
        }
        Side side = answered.side();
        int error = side.getSoError();
        if (error == 0) {
            // No error is not yet a connection: the event may have been another descriptor's.
            if (side.remoteAddress() != null) {
                if (connection.takeBack(side)) {
                    overtaken--;
                }
                towards(answered.backend());
                opening.load();
                connected(side, answered.backend(), answered.choice(), 0);
            }
            return;
        }
        LOG.debug("backend {} at {}: errno {}", answered.backend(), answered.address(), error);
        failure = ConnectFailure.reason(-error);
        if (answered.isLast()) {
            failed(answered.choice(), failure);
        }
        if (connection.closeAside(side)) {
            overtaken--;
        }
        if (answered == attempt || attempt == null) {
            attempt = null;
            tryNext(Objects.requireNonNull(candidates, "it was one of them"));
        }
    }

    private void connected(Side side, Backend backend, @Nullable Choice choice, int sent) {
        if (way.tls() == null) {
            hasConnected(side, choice, sent);
            return;
        }
        opening.keep();
        settle();
        shaking = choice;
        if (!send(side, sent, opening.headerLength())) {
            return;
        }
        BackendHandshake.start(connection, side, way.tls().engine(backend, connection.chosenProtocol()), error -> {
            shaking = null;
            if (error == null) {
                opening.load();
                hasConnected(side, choice, opening.headerLength());
            } else {
                TlsFailures.warn(backend, error);
                failure = CloseReason.BACKEND_TLS;
                failed(choice, failure);
                connection.closeBackend();
                tryNext(Objects.requireNonNull(candidates, "it was one of them"));
            }
        });
    }

    private void hasConnected(Side side, @Nullable Choice choice, int sent) {
        end();
        connection.connected();
        if (choice != null) {
            choice.verdict().connected();
            choice.standing().serve(connection);
        }
        if (send(side, sent, opening.length())) {
            opening.forget();
            outcome.connected();
        }
    }

    /** Sends what stands in the loop's buffer; false: that failed, and the connection has ended. */
    private boolean send(Side side, int from, int to) {
        try {
            if (from < to) {
                side.write(from, to);
            }
            return true;
        } catch (IOException | NotYetConnectedException e) {
            connection.lost(side, e);
            return false;
        }
    }

    private void fail(CloseReason reason) {
        end();
        connection.closeBackend();
        outcome.failed(reason);
    }

    @Override
    protected void expired() {
        if (attempt != null && attempt.isLast()) {
            failed(attempt.choice(), CloseReason.BACKEND_TIMEOUT);
        }
        failed(shaking, CloseReason.BACKEND_TIMEOUT);
        fail(CloseReason.BACKEND_TIMEOUT);
    }
}
