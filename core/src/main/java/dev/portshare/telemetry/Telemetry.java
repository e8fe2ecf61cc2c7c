package dev.portshare.telemetry;

import dev.portshare.connection.Loop;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Asks the event loops what they have counted and which connections they have, by tasks of theirs: no loop shares anything
 * with another thread, and nobody waits for one.
 */
public final class Telemetry {
    /** How many connections a loop tells of before it serves others again: some tens of microseconds. */
    static final int CHUNK = 256;

    /**
     * What one event loop counts.
     *
     * @param ended the observer of its connections
     */
    public record Counted(Loop loop, Counters ended) {}

    private final List<Counted> loops;

    public Telemetry(List<Counted> loops) {
        this.loops = List.copyOf(loops);
    }

    public int loopCount() {
        return loops.size();
    }

    /** What all event loops have counted. */
    public CompletableFuture<Totals> totals() {
        Totals totals = new Totals();
        CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);
        // One after the other: so the sum needs no lock.
        for (Counted counted : loops) {
            Loop loop = counted.loop;
            asked = asked.thenRunAsync(
                    () -> totals.add(loop.accepted(), loop.live(), loop.routes(), counted.ended), loop);
        }
        return asked.thenApply(_ -> totals);
    }

    /**
     * Shows each live connection to {@code action}, which must be quick: it is called on the connection's event loop, on one
     * thread at a time. Completes behind the last one. What comes or ends meanwhile may be left out.
     */
    public CompletableFuture<Void> eachLive(Consumer<Session> action) {
        CompletableFuture<Void> shown = CompletableFuture.completedFuture(null);
        for (Counted counted : loops) {
            Loop loop = counted.loop;
            shown = shown.thenComposeAsync(_ -> show(loop.connections(), 0, loop, action), loop);
        }
        return shown;
    }

    private static CompletableFuture<Void> show(
            List<? extends Session> sessions, int from, Executor loop, Consumer<Session> action) {
        int to = Math.min(from + CHUNK, sessions.size());
        for (Session session : sessions.subList(from, to)) {
            if (!session.isClosed()) {
                action.accept(session);
            }
        }
        return to == sessions.size()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.<Void>completedFuture(null)
                        .thenComposeAsync(_ -> show(sessions, to, loop, action), loop);
    }

    /** Ends connection {@code id}; whether there was one. */
    public CompletableFuture<Boolean> kill(long id) {
        Loop loop = loops.get((int) Math.floorMod(id, (long) loops.size())).loop;
        return CompletableFuture.supplyAsync(
                () -> {
                    for (Session session : loop.connections()) {
                        if (session.id() == id) {
                            session.close(CloseReason.KILLED);
                            return true;
                        }
                    }
                    return false;
                },
                loop);
    }

    /** Has loop {@code index} do {@code task}. */
    void execute(int index, Runnable task) {
        loops.get(index).loop.execute(task);
    }
}
