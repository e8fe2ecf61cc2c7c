package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.detect.Corpus;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service manager hears, and what it does not hear when an event loop is stuck. */
class HeartbeatTest {
    private static final Duration WATCHDOG = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private final Socket manager = socket();
    private final List<String> heard = new ArrayList<>();

    private static Socket socket() {
        Epoll.ensureAvailability();
        return Socket.newSocketDomainDgram();
    }

    @BeforeEach
    void listen() throws IOException {
        manager.bind(new DomainSocketAddress(path()));
    }

    @AfterEach
    void hangUp() throws IOException {
        manager.close();
    }

    private String path() {
        return folder.resolve("notify").toString();
    }

    private Heartbeat start(Front front) {
        Heartbeat heartbeat = Heartbeat.of(
                front.portshare.telemetry(),
                Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", Long.toString(WATCHDOG.toNanos() / 1000)));
        heartbeat.start();
        return heartbeat;
    }

    @Test
    void theWatchdogIsFedAsLongAsEveryLoopTurnsAndNoLonger() throws Exception {
        try (Front front = Front.routing("routes: [{to: reject}]");
                Heartbeat _ = start(front)) {
            awaitHeard("WATCHDOG=1");
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch stuck = new CountDownLatch(1);
            front.portshare.loops().getFirst().execute(() -> {
                stuck.countDown();
                awaitUninterrupted(release);
            });
            stuck.await();
            // What was asked before the loop was stuck may have been answered.
            await().during(WATCHDOG).until(() -> hear() || true);
            heard.clear();
            await().during(WATCHDOG.multipliedBy(3)).until(() -> hear() && heard.isEmpty());
            release.countDown();
            awaitHeard("WATCHDOG=1");
        }
    }

    @Test
    void theLineForPeopleFollowsWhatHappens() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(
                        "routes: [{when: {protocol: tls}, to: reject}, {to: \"%s\"}]".formatted(Front.at(backend)));
                Heartbeat heartbeat = start(front)) {
            awaitHeard("STATUS=serving: 0 connections, 0 since start");
            assertThat(heard.getFirst()).isEqualTo("READY=1");
            try (java.net.Socket _ = front.connect(PLAIN);
                    java.net.Socket _ = accept(backend);
                    java.net.Socket refused = front.connect(Corpus.bytes("tls-chromium-1.bin"))) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
                awaitHeard("STATUS=serving: 1 connection, 2 since start, 1 refused in the last minute");
                heartbeat.stopping();
                awaitHeard("STOPPING=1");
                awaitHeard("STATUS=draining: 1 connection left, no new ones");
            }
        }
    }

    @Test
    void numbersAreReadable() {
        assertThat(StatusLine.grouped(0)).isEqualTo("0");
        assertThat(StatusLine.grouped(999)).isEqualTo("999");
        assertThat(StatusLine.grouped(1234)).isEqualTo("1,234");
        assertThat(StatusLine.grouped(1234567)).isEqualTo("1,234,567");
    }

    @Test
    void aReloadIsAnnouncedWithItsTimeAndItsEnd() throws Exception {
        try (Front front = Front.routing("routes: [{to: reject}]");
                Heartbeat heartbeat = start(front)) {
            awaitHeard("STATUS=serving: 0 connections, 0 since start");
            heard.clear();
            long before = System.nanoTime() / 1000;
            heartbeat.begins();
            heartbeat.ended(new Reload.Refused(List.of("wrong")));
            awaitHeard("READY=1");
            heard.removeIf(line -> line.startsWith("WATCHDOG") || line.startsWith("STATUS"));
            assertThat(heard).hasSize(3).startsWith("RELOADING=1").endsWith("READY=1");
            assertThat(heard.get(1)).startsWith("MONOTONIC_USEC=");
            assertThat(Long.parseLong(heard.get(1).substring("MONOTONIC_USEC=".length())))
                    .isBetween(before, System.nanoTime() / 1000);
        }
    }

    /** Takes in what has come; true. */
    private boolean hear() throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(4096);
        for (int length = manager.recv(message, 0, 4096); length > 0; length = manager.recv(message, 0, 4096)) {
            byte[] bytes = new byte[length];
            message.get(0, bytes);
            heard.addAll(new String(bytes, StandardCharsets.UTF_8).lines().toList());
        }
        return true;
    }

    private void awaitHeard(String line) {
        await().atMost(Duration.ofSeconds(20)).until(() -> hear() && heard.contains(line));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
