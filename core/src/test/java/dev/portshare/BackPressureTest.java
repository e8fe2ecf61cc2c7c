package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.session.CloseReason;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A receiver that does not read stops its sender; nothing is lost, and memory stays bounded. */
class BackPressureTest {
    private static final long TOTAL = 100_000_000;

    @Test
    void hundredMegabytesEachWayAtOnceArriveWhole() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.getInputStream().readNBytes(PLAIN.length);
            var up = send(client, 1);
            var down = send(server, 2);
            var received = digest(server.getInputStream());
            assertThat(digest(client.getInputStream()).get()).isEqualTo(down.get());
            assertThat(received.get()).isEqualTo(up.get());
            var record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.in()).isEqualTo(PLAIN.length + TOTAL);
            assertThat(record.out()).isEqualTo(TOTAL);
        }
    }

    @Test
    void aReaderThatPausesStopsTheSenderAndLosesNothing() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.getInputStream().readNBytes(PLAIN.length);
            AtomicLong sent = new AtomicLong();
            Thread sender = Thread.ofVirtual().start(() -> {
                try (OutputStream out = client.getOutputStream()) {
                    byte[] bytes = new byte[50_000];
                    for (; sent.get() < TOTAL; sent.addAndGet(bytes.length)) {
                        out.write(bytes);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            awaitBlocked(sender);
            assertThat(sent.get()).as("the kernel's buffers bound it").isLessThan(TOTAL / 2);
            assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                    .as("what a copy could not send")
                    .isLessThanOrEqualTo(64 * 1024);
            assertThat(server.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isEqualTo(TOTAL);
            server.close();
            front.onlyRecord(CloseReason.COMPLETED);
        }
    }

    @Test
    void aBusyConnectionLeavesTheOthersTheirTurn() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket busy = front.connect(PLAIN);
                Socket busyServer = accept(backend)) {
            var up = send(busy, 1);
            var received = digest(busyServer.getInputStream());
            try (Socket client = front.connect(PLAIN);
                    Socket server = accept(backend)) {
                for (int i = 0; i < 100; i++) {
                    client.getOutputStream().write(i);
                    server.getInputStream().readNBytes(i == 0 ? PLAIN.length + 1 : 1);
                    server.getOutputStream().write(i);
                    assertThat(client.getInputStream().read()).isEqualTo(i);
                }
            }
            up.get();
            received.get();
        }
    }

    /** Waits until {@code sender} has been waiting in a write for a while. */
    static void awaitBlocked(Thread sender) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .during(Duration.ofMillis(300))
                .until(() -> sender.getState() == Thread.State.WAITING);
    }

    private static CompletableFuture<byte[]> send(Socket to, int seed) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        MessageDigest digest = MessageDigest.getInstance("SHA-256");
                        Random random = new Random(seed);
                        byte[] bytes = new byte[100_000];
                        for (long sent = 0; sent < TOTAL; sent += bytes.length) {
                            random.nextBytes(bytes);
                            digest.update(bytes);
                            to.getOutputStream().write(bytes);
                        }
                        to.shutdownOutput();
                        return digest.digest();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private static CompletableFuture<byte[]> digest(InputStream in) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        MessageDigest digest = MessageDigest.getInstance("SHA-256");
                        byte[] bytes = new byte[100_000];
                        for (int count; (count = in.read(bytes)) >= 0; ) {
                            digest.update(bytes, 0, count);
                        }
                        return digest.digest();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
    }
}
