package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Echo;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Script;
import dev.portshare.it.harness.Soak;
import dev.portshare.it.harness.Tally;
import dev.portshare.it.harness.Traffic;
import dev.portshare.it.harness.Vitals;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Live connections of all kinds, for a quarter of a minute, or ten thousand for ten minutes with {@code -Psoak}: what portshare takes
 * stays the same, all goes back at the end, and no connection is forgotten or counted twice.
 */
class SoakIT {
    private static final long MIB = 1024 * 1024;
    /** All connections together do something so often a second: more of them, and each has more to wait. */
    private static final int PER_SECOND = 500;

    private static final int BULK = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void whatItTakesStaysTheSameAndGoesBackAtTheEnd() throws Exception {
        int count = Soak.connections();
        Path socket = folder.resolve("admin.sock");
        try (Script echo = Script.of(List.of(), Echo.class, "127.0.0.1", "0")) {
            String port = echo.line("echo on ").replaceAll(".* ", "");
            Path file = Files.writeString(folder.resolve("portshare.yaml"), """
                listen: 127.0.0.1:0
                routes: [{name: echo, when: {protocol: http}, to: "127.0.0.1:%s"}]
                timeouts: {head: 4s, idle: 0s}
                admin: {socket: %s}
                """.formatted(port, socket));
            try (Portshare portshare = Portshare.configured(file, 1)) {
                InetSocketAddress target = new InetSocketAddress("127.0.0.1", portshare.port());
                // The first ones load what all later ones need.
                new Traffic(target, 20, Duration.ofMillis(10), BULK).end();
                Vitals before = settled(portshare, socket);

                Duration pause = Duration.ofSeconds(1).multipliedBy(count).dividedBy(PER_SECOND);
                Tally tally;
                try (Traffic traffic = new Traffic(target, count, pause, BULK)) {
                    await().atMost(Soak.time().plus(Portshare.PATIENCE)).until(() -> traffic.live() > count * 9 / 10);
                    Duration tenth = Soak.time().dividedBy(10);
                    Vitals first = most(portshare, socket, tenth);
                    long live = liveHeap(portshare, socket);
                    Vitals then = most(portshare, socket, tenth.multipliedBy(8));
                    long liveThen = liveHeap(portshare, socket);
                    System.out.printf(
                            "soak of %d: %s%n    then %s%n    live heap %d, then %d%n",
                            count, first, then, live, liveThen);

                    assertThat(then.active()).isGreaterThan(count * 9L / 10);
                    assertThat(then.resident() - first.resident())
                            .as("bytes of memory more")
                            .isLessThan(48 * MIB);
                    assertThat(liveThen - live)
                            .as("bytes in use in the heap more")
                            .isLessThan(4 * MIB + 200L * count);
                    assertThat(then.direct() - first.direct())
                            .as("bytes that wait")
                            .isLessThan(16 * MIB);
                    assertThat(then.files())
                            .as("two for each, and pipes")
                            .isLessThan(before.files() + 2L * count + 200);
                    tally = traffic.end();
                }
                System.out.println("    " + tally);
                assertThat(tally.failed()).as(tally.toString()).isZero();
                assertThat(tally.reset() + tally.unserved())
                        .as(tally.toString())
                        .isZero();
                assertThat(tally.whole()).isGreaterThan(count);

                Vitals after = settled(portshare, socket);
                assertThat(after.files()).as("descriptors").isLessThanOrEqualTo(before.files() + Vitals.KEPT);
                assertThat(after.accepted()).isEqualTo(after.closed());
                assertThat(after.closed() - before.closed()).isEqualTo(tally.whole());
                assertThat(after.dropped()).isZero();
                await().atMost(Portshare.PATIENCE).until(() -> lines(portshare) >= after.closed());
                assertThat(lines(portshare)).isEqualTo(after.closed());
            }
        }
    }

    /** When nobody is connected any more. */
    private static Vitals settled(Portshare portshare, Path socket) {
        await().atMost(Portshare.PATIENCE)
                .until(() -> Vitals.of(portshare.pid(), socket).active() == 0);
        return Vitals.of(portshare.pid(), socket);
    }

    /** The most that it takes within {@code time}, and counters at its end. */
    private static Vitals most(Portshare portshare, Path socket, Duration time) throws InterruptedException {
        Vitals most = Vitals.of(portshare.pid(), socket);
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
            Thread.sleep(500);
            most = most.or(Vitals.of(portshare.pid(), socket));
        }
        return most;
    }

    /** Without garbage. */
    private static long liveHeap(Portshare portshare, Path socket) {
        Command.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + portshare.pid(), "GC.run")
                .run()
                .ok();
        return Vitals.of(portshare.pid(), socket).heap();
    }

    private static long lines(Portshare portshare) {
        return portshare.log().stream().filter(line -> line.contains(" id=")).count();
    }
}
