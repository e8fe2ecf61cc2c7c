package dev.portshare.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Names that neither the hosts file nor DNS knows, but the system by another way of nsswitch.conf(5): mDNS, myhostname, LDAP. On threads of
 * its own, since that call blocks.
 */
final class SystemNames implements AutoCloseable {
    /** The system does not say how long. */
    static final Duration TTL = Duration.ofSeconds(30);

    private static final int THREADS = 4;

    static {
        // Java would keep answers, and failures for ten seconds: that is Known's to do.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private final ExecutorService threads;

    SystemNames() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                TTL.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("names-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    CompletableFuture<Answer<InetAddress>> ask(String host) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new Answer<>(List.of(InetAddress.getAllByName(host)), TTL);
                    } catch (UnknownHostException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
