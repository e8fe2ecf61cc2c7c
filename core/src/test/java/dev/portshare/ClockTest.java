package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.session.CloseReason;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clocks silent, head and idle. Times are lower bounds, since a busy machine may be late but never early. */
class ClockTest {
    @Test
    void aClientThatSaysNothingWaitsForTheHeadDeadlineAndIsUnrecognised() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("routes: [{name: all, to: \"%s\"}]\ntimeouts: {silent: 10ms, head: 200ms}"
                        .formatted(Front.at(backend)));
                Socket client = front.connect();
                Socket server = accept(backend)) {
            server.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
            var record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.protocol()).isEqualTo("unrecognised");
            assertThat(Duration.ofNanos(record.headNanos())).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void aSilentClientTakesTheSilentRouteWhereThereIsOne() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - {name: quiet, when: {protocol: silent}, to: "%s"}
                      - {name: rest, to: reject}
                    timeouts: {silent: 150ms, head: 20s}
                    """.formatted(Front.at(backend)));
                Socket client = front.connect();
                Socket server = accept(backend)) {
            // The server speaks first, as an SSH or SMTP server does.
            server.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.close();
            client.close();
            var record = front.record();
            assertThat(record.route()).isEqualTo("quiet");
            assertThat(record.protocol()).isEqualTo("silent");
            assertThat(Duration.ofNanos(record.headNanos())).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    /** The kernel keeps it to itself for a second (docs/data-path.md, Accepting), and that second is a part of its time. */
    @Test
    void theSecondInWhichAClientIsNotAcceptedCounts() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes: [{name: quiet, when: {protocol: silent}, to: "%s"}, {name: rest, to: reject}]
                    timeouts: {silent: 1500ms}
                    """.formatted(Front.at(backend)))) {
            long begin = System.nanoTime();
            try (Socket client = front.connect();
                    Socket server = accept(backend)) {
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1400));
                server.close();
                client.close();
                var record = front.record();
                assertThat(record.route()).isEqualTo("quiet");
                assertThat(Duration.ofNanos(record.headNanos())).isLessThan(Duration.ofMillis(1400));
            }
        }
    }

    /** There the kernel keeps nobody to itself. */
    @Test
    void aSilentClientOfAUnixListenerHasItsWholeTime(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("listener");
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("""
                    listen: "unix:%s"
                    routes: [{name: quiet, when: {protocol: silent}, to: "%s"}, {name: rest, to: reject}]
                    timeouts: {silent: 1500ms}
                    """.formatted(path, Front.at(backend)));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                Socket server = accept(backend)) {
            server.close();
            client.close();
            var record = front.record();
            assertThat(record.route()).isEqualTo("quiet");
            assertThat(Duration.ofNanos(record.headNanos())).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
        }
    }

    @Test
    void oneByteEndsTheSilenceButNeverRenewsTheHeadDeadline() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - {name: quiet, when: {protocol: silent}, to: reject}
                      - {name: named, when: {sni: named.dev.test}, to: reject}
                      - {name: rest, to: "%s"}
                    timeouts: {silent: 200ms, head: 1s}
                    """.formatted(Front.at(backend)));
                Socket client = front.connect(new byte[] {0x16});
                Socket server = accept(backend)) {
            server.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
            var record = front.record();
            assertThat(record.route()).isEqualTo("rest");
            assertThat(record.protocol()).isEqualTo("unrecognised");
            assertThat(Duration.ofNanos(record.headNanos())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void anIdleConnectionIsClosedAndAMovingOneLives() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(
                        "routes: [{name: all, to: \"%s\"}]\ntimeouts: {idle: 500ms}".formatted(Front.at(backend)));
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 1_000_000_000) {
                client.getOutputStream().write(1);
                Thread.onSpinWait();
                server.getInputStream().read();
            }
            assertThat(front.hasNoRecord()).isTrue();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            var record = front.onlyRecord(CloseReason.IDLE);
            assertThat(Duration.ofNanos(record.nanos())).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
        }
    }

    @Test
    void aRouteHasAnIdleClockOfItsOwn() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - {name: short, when: {protocol: ssh}, to: "%1$s", idle: 300ms}
                      - {name: long, to: "%1$s", idle: 0s}
                    timeouts: {idle: 600ms}\
                    """.formatted(Front.at(backend)));
                Socket longLived = front.connect(PLAIN);
                Socket first = accept(backend);
                Socket client = front.connect("SSH-2.0-x\r\n".getBytes(US_ASCII));
                Socket server = accept(backend)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            var record = front.record();
            assertThat(record.close()).isEqualTo(CloseReason.IDLE);
            assertThat(record.route()).isEqualTo("short");
            assertThat(Duration.ofNanos(record.nanos())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            longLived.setSoTimeout(1000);
            assertThatThrownBy(() -> longLived.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(first.isClosed() || server.isClosed()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'half-closed: 500ms', HALF_CLOSED",
        "'half-closed: 500ms, idle: 1h', HALF_CLOSED",
        "'half-closed: 1h, idle: 500ms', IDLE",
        "'half-closed: 0s, idle: 500ms', IDLE"
    })
    void aHalfClosedConnectionMayMoveNothingForSoLong(String timeouts, CloseReason reason) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(
                        "routes: [{name: all, to: \"%s\"}]\ntimeouts: {%s}".formatted(Front.at(backend), timeouts));
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            // What still moves renews it.
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 1_000_000_000) {
                server.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
            }
            assertThat(front.hasNoRecord()).isTrue();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            var record = front.onlyRecord(reason);
            assertThat(Duration.ofNanos(record.nanos())).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
        }
    }

    /** caddy-l4 left the head's deadline on the tunnel (#274). */
    @Test
    void aTunnelOutlivesTheHeadAndConnectDeadlines() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("routes: [{name: all, to: \"%s\"}]\ntimeouts: {head: 50ms, connect: 50ms}"
                        .formatted(Front.at(backend)));
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.setSoTimeout(400);
            server.getInputStream().readNBytes(PLAIN.length);
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> server.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            client.getOutputStream().write(7);
            assertThat(server.getInputStream().read()).isEqualTo(7);
        }
    }
}
