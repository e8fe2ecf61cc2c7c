package dev.portshare.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A client that sends a byte at a time. */
public final class Trickle {
    private Trickle() {}

    /** Sends {@code bytes}, one each {@code period}; completes behind the last one; can be cancelled. */
    public static CompletableFuture<Void> send(Socket client, byte[] bytes, Duration period) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory());
        int[] next = {0};
        clock.scheduleAtFixedRate(
                () -> {
                    try {
                        client.getOutputStream().write(bytes[next[0]++]);
                        if (next[0] == bytes.length) {
                            sent.complete(null);
                        }
                    } catch (IOException e) {
                        sent.completeExceptionally(new UncheckedIOException(e));
                    }
                },
                0,
                period.toNanos(),
                TimeUnit.NANOSECONDS);
        var _ = sent.whenComplete((_, _) -> clock.shutdownNow());
        return sent;
    }
}
