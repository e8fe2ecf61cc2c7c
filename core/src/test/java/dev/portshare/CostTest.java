package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection and a gigabyte cost in garbage and in descriptors; docs/data-path.md quotes the bounds. */
class CostTest {
    private static final ResourceLeakDetector.Level LEVEL = ResourceLeakDetector.getLevel();

    @AfterEach
    void detectLeaksAgain() {
        ResourceLeakDetector.setLevel(LEVEL);
    }

    private static final int CHUNK = 64 * 1024;
    private static final int MEGABYTES = 200;

    @Test
    void aConnectionAllocatesLessThanTwoKibibytes() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            connections(front, backend, 300);
            long before = allocatedByLoop();
            connections(front, backend, 300);
            long each = (allocatedByLoop() - before) / 300;
            System.out.println("CostTest: " + each + " bytes allocated a connection");
            assertThat(each).isLessThan(2048);
        }
    }

    @Test
    void movingBytesAllocatesNothingPerByteAndKeepsNoPipe() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.getInputStream().readNBytes(PLAIN.length);
            // The tests' leak detector makes kilobytes of garbage whenever a receiver is full.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
            move(client, server);
            move(server, client);
            long before = allocatedByLoop();
            move(client, server);
            move(server, client);
            long each = (allocatedByLoop() - before) * 1000 / (2 * MEGABYTES);
            System.out.println("CostTest: " + each + " bytes allocated a gigabyte");
            assertThat(each).isLessThan(1_000_000);
            assertThat(pipes()).as("ends of pipes, those in store included").isLessThanOrEqualTo(2 * 4);
        }
    }

    private static void connections(Front front, ServerSocket backend, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            try (Socket client = front.connect(PLAIN);
                    Socket server = accept(backend)) {
                server.getOutputStream().write(server.getInputStream().readNBytes(PLAIN.length));
                client.getInputStream().readNBytes(PLAIN.length);
            }
            front.record();
        }
    }

    private static void move(Socket from, Socket to) throws Exception {
        var sent = CompletableFuture.runAsync(() -> {
            byte[] bytes = new byte[CHUNK];
            try {
                for (int i = 0; i < MEGABYTES * 16; i++) {
                    from.getOutputStream().write(bytes);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        byte[] bytes = new byte[CHUNK];
        for (long left = (long) MEGABYTES * 16 * CHUNK; left > 0; ) {
            left -= to.getInputStream().read(bytes);
        }
        sent.get();
    }

    private static long allocatedByLoop() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("loop-0"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId()))
                .max()
                .orElseThrow();
    }

    private static long pipes() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(CostTest::isPipe).count();
        }
    }

    /** Of portshare's own, close-on-exec and non-blocking: the test JVM has others, to Maven. */
    private static boolean isPipe(Path descriptor) {
        try {
            Path info = Path.of("/proc/self/fdinfo", descriptor.getFileName().toString());
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:")
                    && Files.readString(info).lines().anyMatch(line -> line.matches("flags:\\s+02004\\d{3}"));
        } catch (IOException e) {
            return false; // Closed meanwhile.
        }
    }
}
