package dev.portshare.backend;

import dev.portshare.connection.Attachment;
import dev.portshare.connection.Connection;
import dev.portshare.route.Backend;
import dev.portshare.route.Health;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What is known of one backend that shares a route with others, by all routes that lead there, from one configuration to the next. */
final class Standing {
    private final Backend backend;
    private final AtomicInteger live = new AtomicInteger();
    private final ConcurrentHashMap<Rule, Verdict> verdicts = new ConcurrentHashMap<>();
    private volatile boolean isDrained;

    /** By what it is judged: routes that ask it other questions may get other answers. */
    private record Rule(Health health, String question) {}

    Standing(Backend backend) {
        this.backend = backend;
    }

    Backend backend() {
        return backend;
    }

    /**
     * Whether it can be had.
     *
     * @param health   tells how that is found out
     * @param question what its check asks, besides; empty: nothing of its own
     */
    Verdict verdict(Health health, String question) {
        return verdicts.computeIfAbsent(new Rule(health, question), rule -> new Verdict(backend, rule.health));
    }

    /** How many connections it has. */
    int live() {
        return live.get();
    }

    /** Whether it gets no new connections, as somebody wanted. */
    boolean isDrained() {
        return isDrained;
    }

    void drain(boolean drained) {
        isDrained = drained;
    }

    /** {@code connection} is one of its connections, until its backend's side is closed. */
    void serve(Connection connection) {
        live.incrementAndGet();
        connection.attach(new Attachment() {
            @Override
            protected void detached(boolean goesOn) {
                live.decrementAndGet();
            }
        });
    }
}
