package dev.portshare.dns;

import io.netty.channel.EventLoop;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One name's IPv6 and IPv4 addresses, asked for at once. */
final class Families {
    /** How long the other family is waited for, once one has addresses: there are name servers that do not answer questions for IPv6. */
    private static final long PATIENCE_MILLIS = 1000;

    /** How long an answer holds that lacks a family: that may be the better one. */
    private static final Duration INCOMPLETE = Duration.ofSeconds(30);

    private Families() {}

    /**
     * Both of {@code name}; where one cannot be found out now, those of {@code known} stand for it.
     *
     * @return empty where there are none at all; failed where none is found, but there may be
     */
    static CompletableFuture<Answer<InetAddress>> ask(Stub stub, EventLoop loop, String name, List<InetAddress> known) {
        CompletableFuture<Answer<InetAddress>> ipv6 = stub.ask(name, Kind.IPV6);
        CompletableFuture<Answer<InetAddress>> ipv4 = stub.ask(name, Kind.IPV4);
        hurry(ipv6, ipv4, loop);
        hurry(ipv4, ipv6, loop);
        return CompletableFuture.allOf(ipv6, ipv4).handle((_, error) -> {
            boolean hasFailed = error != null;
            List<InetAddress> found = new ArrayList<>();
            Duration ttl = hasFailed ? INCOMPLETE : Known.LONGEST;
            for (CompletableFuture<Answer<InetAddress>> family : List.of(ipv6, ipv4)) {
                if (!family.isCompletedExceptionally()) {
                    Answer<InetAddress> answer = family.join();
                    found.addAll(answer.found());
                    if (!answer.found().isEmpty() && answer.ttl().compareTo(ttl) < 0) {
                        ttl = answer.ttl();
                    }
                }
            }
            if (hasFailed && found.isEmpty()) {
                // Which throws.
                return (ipv6.isCompletedExceptionally() ? ipv6 : ipv4).join();
            }
            for (InetAddress address : known) {
                if ((address instanceof Inet6Address ? ipv6 : ipv4).isCompletedExceptionally()) {
                    found.add(address);
                }
            }
            return new Answer<>(List.copyOf(found), ttl);
        });
    }

    private static void hurry(
            CompletableFuture<Answer<InetAddress>> one, CompletableFuture<Answer<InetAddress>> other, EventLoop loop) {
        var _ = one.thenAccept(answer -> {
            if (!answer.found().isEmpty() && !other.isDone()) {
                var _ = loop.schedule(
                        () -> other.completeExceptionally(new TimeoutException()),
                        PATIENCE_MILLIS,
                        TimeUnit.MILLISECONDS);
            }
        });
    }
}
