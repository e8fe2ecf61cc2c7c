package dev.portshare.telemetry;

import dev.portshare.session.Endpoint;
import dev.portshare.session.LiveConnection;
import dev.portshare.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The live connections that have an address at either side: their client's, or the one that their backend sees. Nothing is kept for
 * that: each is asked, which takes a system call or two.
 */
public final class Whose {
    private final Endpoint address;
    private final boolean isExact;
    private final int limit;
    private final List<Found> found = new ArrayList<>();
    private int matching;

    /**
     * A connection.
     *
     * @param seen where its backend sees it come from; null where it has none, or one without addresses
     */
    public record Found(LiveConnection connection, @Nullable Endpoint seen) {}

    /**
     * What was found.
     *
     * @param matching how many there are
     */
    public record Listing(int matching, List<Found> found) {}

    private Whose(Endpoint address, boolean isExact, int limit) {
        this.address = address;
        this.isExact = isExact;
        this.limit = limit;
    }

    /**
     * Finds them.
     *
     * @param isExact whether the port counts
     * @param limit   how many are told of at most
     */
    public static CompletableFuture<Listing> find(Telemetry telemetry, Endpoint address, boolean isExact, int limit) {
        Whose whose = new Whose(address, isExact, limit);
        return telemetry.eachLive(whose::look).thenApply(_ -> new Listing(whose.matching, whose.found));
    }

    private void look(Session session) {
        Endpoint seen = session.backendSees();
        if (is(session.peer()) || is(seen)) {
            matching++;
            if (found.size() < limit) {
                found.add(new Found(session.live(), seen));
            }
        }
    }

    private boolean is(@Nullable Endpoint other) {
        return other != null
                && other.low() == address.low()
                && other.high() == address.high()
                && (address.scope() == 0 || other.scope() == address.scope())
                && (!isExact || other.port() == address.port());
    }
}
