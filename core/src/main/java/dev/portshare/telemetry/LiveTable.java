package dev.portshare.telemetry;

import dev.portshare.session.Endpoint;
import dev.portshare.session.LiveConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The live connections, for people to look at: searched, ordered, a page at a time, with the rates since whoever looked before.
 * Nothing is kept or counted unless somebody looks. For one thread.
 */
public final class LiveTable {
    /** The most that a page may end at. */
    public static final int DEEPEST = 10_000;

    /** A rate is measured over this time at least. */
    private static final long SHORTEST_NANOS = 500_000_000;
    /** Longer ago, nobody has looked: rates count from the connection's beginning. */
    private static final long LONGEST_NANOS = 30_000_000_000L;

    /**
     * A connection and its rates.
     *
     * @param inRate  bytes a second from client to backend
     * @param outRate bytes a second from backend to client
     */
    public record Row(LiveConnection connection, double inRate, double outRate) {
        double rate() {
            return inRate + outRate;
        }

        long nanos() {
            return connection.nanos();
        }

        long bytes() {
            return connection.in() + connection.out();
        }
    }

    /** What stands first. */
    public enum Order {
        RATE,
        BYTES,
        AGE,
        NEW,
        CLIENT,
        SNI,
        ROUTE,
        BACKEND;

        private Comparator<Row> rows() {
            Comparator<Row> rows = switch (this) {
                case RATE -> Comparator.comparingDouble(Row::rate).reversed();
                case BYTES -> Comparator.comparingLong(Row::bytes).reversed();
                case AGE -> Comparator.comparingLong(Row::nanos).reversed();
                case NEW -> Comparator.comparingLong(Row::nanos);
                case CLIENT -> Comparator.comparing(row -> host(row.connection.client()));
                case SNI -> Comparator.comparing(row -> Counters.orNone(row.connection.serverName()));
                case ROUTE -> Comparator.comparing(row -> Counters.orNone(row.connection.route()));
                case BACKEND -> Comparator.comparing(row -> Counters.orNone(row.connection.backend()));
            };
            // Those that are alike keep their places between two looks.
            return rows.thenComparingLong(row -> row.connection.id());
        }
    }

    /**
     * What is wanted.
     *
     * @param text    what a connection must have somewhere in its words, whatever the case; empty: all
     * @param route   the name of the route that must have taken it; empty: any
     * @param offset  how many to leave out first
     * @param limit   how many at most; {@code offset + limit} may be {@link #DEEPEST}
     * @param talkers how many clients at most
     */
    public record Query(String text, String route, Order order, int offset, int limit, int talkers) {
        public Query {
            text = text.toLowerCase(Locale.ROOT);
            if (offset < 0 || limit < 0 || offset + limit > DEEPEST || talkers < 0) {
                throw new IllegalArgumentException("offset + limit may be up to " + DEEPEST);
            }
        }
    }

    /** What one client's live connections come to; rates in bytes a second, both ways together. */
    public record Talker(String client, int connections, double rate, long bytes) {
        private Talker and(Row row) {
            return new Talker(client, connections + 1, rate + row.rate(), bytes + row.bytes());
        }
    }

    /**
     * What was found.
     *
     * @param live     how many connections there are
     * @param matching how many of them were asked for
     * @param talkers  the busiest clients of those, the busiest first
     */
    public record Listing(int live, int matching, List<Row> rows, List<Talker> talkers) {}

    private final Telemetry telemetry;
    private @Nullable ByteSample last;
    private @Nullable ByteSample lastButOne;
    private CompletableFuture<?> turn = CompletableFuture.completedFuture(null);

    public LiveTable(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** What {@code query} asks for; completes on an event loop, behind every earlier call. */
    public synchronized CompletableFuture<Listing> list(Query query) {
        CompletableFuture<Listing> listing = turn.handle((_, _) -> query).thenCompose(this::look);
        turn = listing;
        return listing;
    }

    private synchronized CompletableFuture<Listing> look(Query query) {
        long now = System.nanoTime();
        if (last != null && now - last.nanos >= SHORTEST_NANOS) {
            lastButOne = last;
            last = null;
        }
        ByteSample base = lastButOne != null && now - lastButOne.nanos <= LONGEST_NANOS ? lastButOne : null;
        ByteSample sample = new ByteSample(now);
        Selection selection = new Selection(query, base, now);
        return telemetry
                .eachLive(session -> {
                    LiveConnection connection = session.live();
                    sample.put(connection.id(), connection.in(), connection.out());
                    selection.add(connection);
                })
                .thenApply(_ -> {
                    keep(sample);
                    return selection.listing();
                });
    }

    private synchronized void keep(ByteSample sample) {
        if (last == null) {
            last = sample;
        }
    }

    private static String host(@Nullable Endpoint client) {
        return client == null ? Counters.NONE : client.hostString();
    }

    /** One look: keeps the first rows of the order alone. */
    private static final class Selection {
        private final Query query;
        private final @Nullable ByteSample base;
        private final long now;
        private final Comparator<Row> order;
        private final PriorityQueue<Row> best;
        private final Map<String, Talker> talkers = new HashMap<>();
        private int live;
        private int matching;

        Selection(Query query, @Nullable ByteSample base, long now) {
            this.query = query;
            this.base = base;
            this.now = now;
            this.order = query.order.rows();
            this.best = new PriorityQueue<>(order.reversed());
        }

        void add(LiveConnection connection) {
            live++;
            if (!matches(connection)) {
                return;
            }
            matching++;
            Row row = row(connection);
            best.add(row);
            if (best.size() > query.offset + query.limit) {
                best.remove();
            }
            if (query.talkers > 0) {
                talkers.merge(
                        host(connection.client()),
                        new Talker(host(connection.client()), 1, row.rate(), row.bytes()),
                        (talker, _) -> talker.and(row));
            }
        }

        private Row row(LiveConnection connection) {
            long since = base == null ? connection.nanos() : Math.min(now - base.nanos, connection.nanos());
            double seconds = Math.max(since, 1_000_000) / 1e9;
            long in = connection.in() - (base == null ? 0 : base.in(connection.id()));
            long out = connection.out() - (base == null ? 0 : base.out(connection.id()));
            return new Row(connection, in / seconds, out / seconds);
        }

        private boolean matches(LiveConnection connection) {
            return (query.route.isEmpty() || query.route.equals(connection.route()))
                    && (query.text.isEmpty()
                            || has(connection.client())
                            || has(connection.standIn())
                            || has(connection.serverName())
                            || has(connection.route())
                            || has(connection.backend())
                            || has(connection.protocol())
                            || has(connection.listener())
                            || has(connection.id()));
        }

        private boolean has(@Nullable Object value) {
            return value != null && value.toString().toLowerCase(Locale.ROOT).contains(query.text);
        }

        Listing listing() {
            List<Row> rows = new ArrayList<>(best);
            rows.sort(order);
            return new Listing(
                    live,
                    matching,
                    rows.subList(Math.min(query.offset, rows.size()), rows.size()),
                    talkers.values().stream()
                            .sorted(Comparator.comparingDouble(Talker::rate)
                                    .thenComparingLong(Talker::bytes)
                                    .reversed())
                            .limit(query.talkers)
                            .toList());
        }
    }
}
