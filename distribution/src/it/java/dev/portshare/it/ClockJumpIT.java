package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock jumps by a day, forth and back, while portshare runs: nobody is ended by that, and no deadline moves. */
@Needs("faketime")
class ClockJumpIT {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private Path clock;
    private Portshare portshare;

    /** libfaketime reads the file at each question, and answers those for the monotonic clock as the kernel does. */
    private Portshare underFakeClock(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), yaml);
        return Portshare.under(List.of("sh", "-c", """
            LD_PRELOAD='/usr/$LIB/faketime/libfaketime.so.1' FAKETIME_TIMESTAMP_FILE=%s FAKETIME_NO_CACHE=1 \
            FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 exec "$@"
            """.formatted(clock), "sh"), "--config", file.toString());
    }

    @BeforeEach
    void setClock() throws Exception {
        clock = folder.resolve("clock");
        jump("+0");
    }

    private void jump(String offset) throws Exception {
        Path next = Files.writeString(folder.resolve("next"), offset + "\n");
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void nobodyNotices() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare started = underFakeClock("""
                    listen: 127.0.0.1:0
                    routes: [{name: echo, when: {protocol: http}, to: "%s", idle: 1h}]
                    timeouts: {head: 2s, half-closed: 1h}
                    """.formatted(at(echo)));
                Socket live = connect(started, PLAIN)) {
            portshare = started;
            assertEchoes(live, PLAIN.length);
            assertServes(live, Duration.ZERO);
            jump("+1d");
            assertServes(live, DAY);
            jump("-1d");
            assertServes(live, DAY.negated());
            jump("+0");
            assertServes(live, Duration.ZERO);
        }
    }

    private void assertServes(Socket live, Duration ahead) throws Exception {
        live.getOutputStream().write('a');
        assertEchoes(live, 1);
        try (Socket client = connect(portshare, PLAIN)) {
            assertEchoes(client, PLAIN.length);
        }
        Connection connection = portshare.connection();
        assertThat(connection.close()).isEqualTo("completed");
        assertThat(connection.number("ms")).isBetween(0L, Portshare.PATIENCE.toMillis());
        List<String> log = portshare.log();
        Instant told = Instant.parse(log.getLast().substring(0, log.getLast().indexOf(' ')));
        // Which shows that it sees another time than this test.
        assertThat(Duration.between(Instant.now().plus(ahead), told).abs()).isLessThan(Duration.ofMinutes(1));
        assertWaitsForHeads();
    }

    /** A client that says nothing is held for timeouts.head, no less and not much more. */
    private void assertWaitsForHeads() throws Exception {
        long start = System.nanoTime();
        try (Socket _ = connect(portshare, new byte[0])) {
            assertThat(portshare.connection().close()).isEqualTo("no-route");
            // By this test's clock: the log does not count the second for which the kernel keeps who says nothing.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
        }
    }

    private static void assertEchoes(Socket client, int count) throws Exception {
        assertThat(client.getInputStream().readNBytes(count)).hasSize(count);
    }
}
