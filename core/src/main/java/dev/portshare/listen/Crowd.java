package dev.portshare.listen;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Who is there, on all event loops, whatever the limits are: they may change, and these are there still. Of any thread. */
final class Crowd {
    final Count all = new Count();
    /** Those of {@link #all} that have none of a route's reserved places, and are decided or were there in time. */
    final Count common = new Count();

    /** Those of {@link #all} that are not decided yet. */
    final Count heads = new Count();

    final Clients clients = new Clients();
    final Pace pace = new Pace(System.nanoTime());
    private final Map<String, Count> listeners = new ConcurrentHashMap<>();
    private final Map<String, Count> routes = new ConcurrentHashMap<>();
    private final Map<String, Count> reserved = new ConcurrentHashMap<>();
    /** What is to be done when somebody has left, once. */
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Count listener(String notation) {
        return listeners.computeIfAbsent(notation, _ -> new Count());
    }

    Count route(String name) {
        return routes.computeIfAbsent(name, _ -> new Count());
    }

    /** Of the places that are kept for the route, those that are taken. */
    Count reserved(String name) {
        return reserved.computeIfAbsent(name, _ -> new Count());
    }

    /** Has {@code resume} run, on any thread, when somebody has left from now on. */
    void await(Runnable resume) {
        waiting.add(resume);
    }

    void left() {
        for (Runnable resume = waiting.poll(); resume != null; resume = waiting.poll()) {
            resume.run();
        }
    }
}
