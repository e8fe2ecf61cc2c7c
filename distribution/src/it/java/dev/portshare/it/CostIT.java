package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection costs the machine, in system calls and in heap; docs/data-path.md gives the list and the reasons. */
class CostIT {
    private static final int AT_ONCE = 32;
    private static final int CONNECTIONS = 20 * AT_ONCE;
    /** So many, and the methods that matter are compiled: the compiler's threads make system calls of their own. */
    private static final int WARM_UP = 150 * AT_ONCE;

    /** A row of strace's summary: the share, the seconds, the microseconds a call, the calls, perhaps errors, the name. */
    private static final Pattern ROW = Pattern.compile("(?m)^ *[\\d.]+ +[\\d.]+ +\\d+ +(\\d+) +(?:\\d+ +)?(\\w+)$");
    /** Clocks are real calls on some machines, and none on others. */
    private static final Set<String> NOT_COUNTED = Set.of("clock_gettime", "gettimeofday", "total");

    @TempDir
    private Path folder;

    @Test
    @Needs({"strace", "root"})
    void aShortConnectionTakesFewerSystemCallsThanHaproxysNineteen() throws Exception {
        Path summary = folder.resolve("calls");
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare =
                        Portshare.start("--listen", "127.0.0.1:0", "--loops", "1", "--otherwise", at(echo))) {
            exchange(portshare, WARM_UP);
            Process strace = new ProcessBuilder(
                            "strace", "-f", "-c", "-o", summary.toString(), "-p", Long.toString(portshare.pid()))
                    .redirectErrorStream(true)
                    .start();
            await().until(() -> isTraced(portshare.pid()));
            exchange(portshare, CONNECTIONS);
            strace.toHandle().destroy();
            strace.waitFor();
        }
        List<MatchResult> rows = ROW.matcher(Files.readString(summary))
                .results()
                .filter(row -> !NOT_COUNTED.contains(row.group(2)))
                .toList();
        String calls = rows.stream().map(row -> row.group(2) + " " + each(row)).collect(Collectors.joining(", "));
        double all = rows.stream().mapToDouble(CostIT::each).sum();
        System.out.println("CostIT: system calls a connection: " + all + ": " + calls);
        assertThat(all).as(calls).isBetween(10.0, paces() ? 20.0 : 19.0);
    }

    /** Whether this machine's congestion control paces: avoiding that towards a backend on loopback is one call more. */
    private static boolean paces() throws IOException {
        String congestionControl = Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"));
        return !Set.of("cubic", "reno").contains(congestionControl.strip());
    }

    private static double each(MatchResult row) {
        return Double.parseDouble(row.group(1)) / CONNECTIONS;
    }

    private static boolean isTraced(long pid) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("status")).contains("TracerPid:\t0\n")) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Has so many connections made and ended by {@link #AT_ONCE} clients, each of which makes one after the other. */
    private static void exchange(Portshare portshare, int count) throws Exception {
        Callable<Void> client = () -> {
            for (int i = 0; i < count / AT_ONCE; i++) {
                try (Socket socket = connect(portshare, PLAIN)) {
                    socket.getInputStream().readNBytes(PLAIN.length);
                }
            }
            return null;
        };
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Void> ended : clients.invokeAll(Collections.nCopies(AT_ONCE, client))) {
                ended.get();
            }
        }
    }

    @Test
    void anIdleConnectionHoldsLessThan400BytesOfHeap() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare =
                        Portshare.start("--listen", "127.0.0.1:0", "--loops", "1", "--otherwise", at(echo))) {
            exchange(portshare, AT_ONCE);
            long before = heap(portshare);
            for (int i = 0; i < 2000; i++) {
                Socket client = connect(portshare, PLAIN);
                client.getInputStream().readNBytes(PLAIN.length);
                clients.add(client);
            }
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            long each = (heap(portshare) - before) / clients.size();
            System.out.println("CostIT: " + each + " bytes of heap a connection");
            assertThat(each).isBetween(50L, 400L);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** The bytes of all live objects. */
    private static long heap(Portshare portshare) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        String histogram = Command.of(jcmd, Long.toString(portshare.pid()), "GC.class_histogram")
                .run()
                .ok()
                .out();
        Matcher total = Pattern.compile("(?m)^Total +\\d+ +(\\d+)").matcher(histogram);
        assertThat(total.find()).as(histogram).isTrue();
        return Long.parseLong(total.group(1));
    }
}
