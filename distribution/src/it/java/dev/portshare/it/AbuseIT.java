package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Abuse;
import dev.portshare.it.harness.Abuser;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Kernel;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Script;
import dev.portshare.it.harness.Soak;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Vitals;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Strangers who abuse the port, at a bounded rate, while a real client wants its web page from a real server: it gets it, memory stays
 * within what {@code limits} allow, and each stranger is counted, logged and gone in the end. How long the client waits is judged by
 * {@code -Psoak} alone, with more strangers.
 */
class AbuseIT {
    private static final long MIB = 1024 * 1024;
    private static final int HEAD_MIB = 4;
    /** What a connection whose head is not decided may take besides its head. */
    private static final long A_CONNECTION = 4096;

    private static final boolean IS_LONG = Soak.isLong();
    /** Ten thousand take some time to come. */
    private static final Duration HEAD = Duration.ofSeconds(IS_LONG ? 30 : 4);

    private static final Duration PATIENCE = HEAD.plus(Portshare.PATIENCE);
    private static final int PROBES = IS_LONG ? 1500 : 100;
    /** The clock of the real client's wait has the machine's other work in it: so often is a bad figure measured anew. */
    private static final int TRIES = 3;

    private static final Pattern MADE = Pattern.compile("made=(\\d+) left=(\\d+)");

    @TempDir
    private Path folder;

    private Nginx nginx;
    private Portshare portshare;
    private Path socket;
    private int port;
    private byte[] hello;
    /** How many strangers have come, in all tries. */
    private long strangers;

    @BeforeEach
    void serve() throws Exception {
        nginx = new Nginx(Files.createDirectory(folder.resolve("nginx")));
        socket = folder.resolve("admin.sock");
        port = Sockets.freePort();
        hello = Corpus.head("tls-chromium-1").bytes();
        Path file = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 127.0.0.1:%d
            routes:
              - {name: web, when: {sni: [%s, "*.dev.test"]}, to: "%s"}
              - {name: rest, to: reject}
            limits: {connections: 12000, head-bytes: %dMiB}
            timeouts: {head: %ds}
            log: {file: %s}
            admin: {socket: %s}
            """.formatted(
                        port, Nginx.ALPHA, nginx.alpha(), HEAD_MIB, HEAD.toSeconds(), folder.resolve("p.log"), socket));
        portshare = Portshare.unseen(List.of(), "--config", file.toString());
        await().atMost(Portshare.PATIENCE).until(() -> Files.exists(socket));
        waits(IS_LONG ? PROBES : PROBES / 2);
    }

    @AfterEach
    void leave() {
        portshare.close();
        nginx.close();
    }

    /** A minute, thrice. */
    @Timeout(300)
    @ParameterizedTest
    @EnumSource(Abuse.class)
    void aRealClientIsServedAndNothingIsLeft(Abuse abuse) throws Exception {
        for (int i = 1; !isServedInTime(abuse); i++) {
            assertThat(i).as("times that it waited too long").isLessThan(TRIES);
        }
    }

    private boolean isServedInTime(Abuse abuse) throws Exception {
        Vitals before = settled();
        long[] quiet = waits(PROBES);
        Duration cpu = Kernel.cpu(portshare.pid());
        Script abuser = Script.of(
                List.of(),
                Abuser.class,
                abuse.name(),
                String.valueOf(port),
                String.valueOf(abuse.rate(IS_LONG)),
                String.valueOf(abuse.most(IS_LONG)));
        try (abuser) {
            await().atMost(PATIENCE).until(() -> abuser.lines().contains("at work"));
            long[] waits = waits(PROBES);
            Vitals amid = vitals();
            String page = nginx.curl("127.0.0.1", port, Nginx.ALPHA, "/who")
                    .run()
                    .ok()
                    .out();
            assertThat(page).startsWith("alpha");
            Duration own = Kernel.cpu(abuser.pid());
            abuser.say("");
            Matcher made = made(abuser);
            Vitals after = settled();
            Duration used = Kernel.cpu(portshare.pid()).minus(cpu);
            System.out.printf(
                    Locale.ROOT,
                    "abuse: %s: connect and first byte, median/p99 ms: quiet %.2f/%.2f, abused %.2f/%.2f; %s at most"
                            + " %d; CPU of portshare %d ms, of the abuser %d ms; %.1f MiB more%n",
                    abuse,
                    quiet[quiet.length / 2] / 1e6,
                    p99(quiet) / 1e6,
                    waits[waits.length / 2] / 1e6,
                    p99(waits) / 1e6,
                    made.group(),
                    amid.active(),
                    used.toMillis(),
                    own.toMillis(),
                    (amid.resident() - before.resident()) / (double) MIB);

            assertThat(made.group(2)).as("not ended").isEqualTo("0");
            assertThat(after.accepted()).isEqualTo(after.closed());
            assertThat(after.files()).as("descriptors").isLessThanOrEqualTo(before.files() + Vitals.KEPT);
            assertThat(amid.resident() - before.resident())
                    .as("bytes of memory more")
                    .isLessThan((HEAD_MIB + 48) * MIB + A_CONNECTION * abuse.most(IS_LONG));
            strangers += Long.parseLong(made.group(1));
            checkLog(abuse, after);
            return !IS_LONG || p99(waits) <= 2 * p99(quiet);
        }
    }

    private Matcher made(Script abuser) {
        await().atMost(PATIENCE).until(() -> abuser.lines().getLast().startsWith("made="));
        Matcher made = MADE.matcher(abuser.lines().getLast());
        assertThat(made.find()).as(abuser.toString()).isTrue();
        return made;
    }

    /** Everybody has a line, for a reason that is right, of characters that are seen. */
    private void checkLog(Abuse abuse, Vitals after) throws IOException {
        await().atMost(Portshare.PATIENCE).until(() -> lines(" id=") + after.dropped() >= after.closed());
        assertThat(lines(" id=") + after.dropped()).isEqualTo(after.closed());
        assertThat(after.dropped()).as("lines lost").isZero();
        long told = lines(" src=127.66.");
        if (abuse == Abuse.CONNECT_AND_CLOSE) {
            // Who is gone before the kernel has told of him was never there.
            assertThat(told).isBetween(1L, strangers);
            assertThat(count(" src=127\\.66\\..* close=(rejected|client-reset|client-lost)"))
                    .isEqualTo(told);
        } else {
            assertThat(told).isEqualTo(strangers);
            assertThat(count(" src=127\\.66\\..* close=rejected")).isEqualTo(told);
        }
        if (abuse == Abuse.TERMINAL_ESCAPES) {
            assertThat(count("alpn=.*owned")).as("names that were written down").isPositive();
        }
        assertThat(count("[\\x00-\\x1f\\x7f-\\x9f]"))
                .as("lines with control characters")
                .isZero();
        assertThat(count(" src=127\\.0\\.0\\.1:.* route=web .*close=(completed|client-reset|backend-reset)"))
                .isEqualTo(lines(" src=127.0.0.1:"));
    }

    private long lines(String text) throws IOException {
        return count(Pattern.quote(text));
    }

    private long count(String pattern) throws IOException {
        Pattern compiled = Pattern.compile(pattern);
        try (Stream<String> lines = Files.lines(folder.resolve("p.log"))) {
            return lines.filter(line -> compiled.matcher(line).find()).count();
        }
    }

    /** How long a client waits from connecting until the first byte of the server's answer to its hello, in nanoseconds, sorted. */
    private long[] waits(int count) throws Exception {
        long[] waits = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            try (Socket client = Sockets.connect("127.0.0.1", port)) {
                client.getOutputStream().write(hello);
                assertThat(client.getInputStream().read()).as("first byte").isNotNegative();
                waits[i] = System.nanoTime() - start;
            }
            Thread.sleep(5);
        }
        Arrays.sort(waits);
        return waits;
    }

    private static long p99(long[] sorted) {
        return sorted[sorted.length * 99 / 100];
    }

    private Vitals vitals() {
        return Vitals.of(portshare.pid(), socket);
    }

    private Vitals settled() {
        await().atMost(Portshare.PATIENCE).until(() -> vitals().active() == 0);
        return vitals();
    }
}
