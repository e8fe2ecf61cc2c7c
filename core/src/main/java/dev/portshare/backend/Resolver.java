package dev.portshare.backend;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * Turns backend names into addresses through the system's own resolver (hosts file, DNS, nsswitch), on threads of its own,
 * since that call blocks. An answer counts as fresh for {@link #FRESH}; after that the next caller still gets it at once,
 * and has it renewed behind its back; a renewal that fails leaves the old answer in place.
 */
public final class Resolver implements AutoCloseable {
    static final Duration FRESH = Duration.ofSeconds(30);

    /** The blocking call: {@link InetAddress#getAllByName}. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] allByName(String host) throws UnknownHostException;
    }

    private record Answer(CompletableFuture<List<InetAddress>> addresses, long since) {}

    private final Lookup lookup;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Answer> answers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            4, Thread.ofPlatform().daemon().name("resolver-", 0).factory());

    public Resolver() {
        this(InetAddress::getAllByName, System::nanoTime);
    }

    Resolver(Lookup lookup, LongSupplier nanoTime) {
        this.lookup = lookup;
        this.nanoTime = nanoTime;
    }

    /** The addresses of {@code host} in the resolver's order, never empty; fails with an {@link UnknownHostException}. */
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        long now = nanoTime.getAsLong();
        Answer known = answers.get(host);
        if (known == null || known.addresses.isCompletedExceptionally()) {
            return answers.compute(host, (_, old) -> old == known ? ask(host, now) : old).addresses;
        }
        if (known.addresses.isDone()
                && now - known.since > FRESH.toNanos()
                && answers.replace(host, known, new Answer(known.addresses, now))) {
            var _ = ask(host, now)
                    .addresses
                    .thenAccept(
                            renewed -> answers.put(host, new Answer(CompletableFuture.completedFuture(renewed), now)));
        }
        return known.addresses;
    }

    /** The servers of a service; fails with an {@link UnknownHostException}. */
    public CompletableFuture<List<Service>> services(String name) {
        return CompletableFuture.failedFuture(new UnknownHostException(name + ": not asked for in this version"));
    }

    private Answer ask(String host, long now) {
        return new Answer(
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return List.of(lookup.allByName(host));
                            } catch (UnknownHostException e) {
                                throw new CompletionException(e);
                            }
                        },
                        threads),
                now);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
