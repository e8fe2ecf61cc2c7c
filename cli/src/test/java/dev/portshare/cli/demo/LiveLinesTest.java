package dev.portshare.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Endpoint;
import java.time.Clock;
import java.time.LocalTime;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LiveLinesTest {
    private static final Endpoint CLIENT = Endpoint.ipv4(0x7f000001, 50122);

    @Test
    void tellsWhoWentWhereAndHowItEnded() {
        assertThat(LiveLines.line(to("web", "tls", "localhost", List.of("h2", "http/1.1")), LocalTime.of(12, 3, 11)))
                .isEqualTo("12:03:11  web   127.0.0.1:50122 -> 127.0.0.1:8443  in 722 B  out 6.3 kB  39 ms  completed"
                        + "  tls sni=localhost alpn=h2,http/1.1");
    }

    @Test
    void leavesOutWhatIsUnknown() {
        ConnectionRecord connection = new ConnectionRecord(
                1, null, null, null, null, List.of(), null, null, null, 0, 0, -1, -1, 5_000_000, CloseReason.STOPPED);

        assertThat(LiveLines.line(connection, LocalTime.of(1, 2, 3)))
                .isEqualTo("01:02:03  -     - -> -  in 0 B  out 0 B  5 ms  stopped  undecided");
    }

    @Test
    void whatTheClientChoseCannotDisturbTheTerminal() {
        assertThat(LiveLines.line(to("web", "tls", "a\u001b[2J\n", List.of("x y")), LocalTime.NOON))
                .endsWith("tls sni=a\\x1b[2J\\x0a alpn=x\\x20y");
    }

    @Test
    @Timeout(10)
    void aTerminalThatStandsStillBlocksNobodyAndLosesWhatComesLater() {
        CountDownLatch stopped = new CountDownLatch(1);
        Queue<String> printed = new ConcurrentLinkedQueue<>();
        LiveLines lines = new LiveLines(
                line -> {
                    await(stopped);
                    printed.add(line);
                },
                Clock.systemUTC());

        for (int i = 0; i < 5000; i++) {
            lines.closed(to("vpn", "openvpn", null, List.of()));
        }
        stopped.countDown();
        lines.close();

        assertThat(printed).hasSizeBetween(1000, 1001);
    }

    private static ConnectionRecord to(String route, String protocol, @Nullable String name, List<String> alpn) {
        return new ConnectionRecord(
                1,
                CLIENT,
                null,
                protocol,
                name,
                alpn,
                route,
                "127.0.0.1:8443",
                null,
                722,
                6_310,
                1,
                1,
                39_900_000,
                CloseReason.COMPLETED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
