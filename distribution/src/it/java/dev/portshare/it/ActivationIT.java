package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Script;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listening sockets that systemd opened and passes. */
class ActivationIT {
    @TempDir
    private Path folder;

    @Test
    @Needs("systemd-socket-activate")
    void severalSocketsComeUnderTheirNamesAndUnixOnesToo() throws Exception {
        int[] ports = {Sockets.freePort(), Sockets.freePort(), Sockets.freePort()};
        Path path = folder.resolve("front.sock");
        // The first client is what starts the program.
        var first = CompletableFuture.supplyAsync(() -> connect(ports[0]));
        List<String> activate = List.of(
                "systemd-socket-activate",
                "--listen=127.0.0.1:" + ports[0],
                "--listen=" + path,
                "--listen=127.0.0.1:" + ports[1],
                "--listen=127.0.0.1:" + ports[2],
                "--fdname=https:local:https:spare");
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.under(
                        activate, "--listen", "systemd:https", "--listen", "systemd:local", "--otherwise", at(echo))) {
            assertThat(portshare.line("listening on systemd:local")).endsWith(" unix:" + path);
            assertThat(portshare.line("nothing listens on it")).contains(" WARN ", "\"spare\"");
            assertThat(portshare.line("NoDelay=yes")).contains(" WARN ", "systemd:https");
            assertEchoes(first.get());
            assertEchoes(connect(ports[1]));
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                client.write(ByteBuffer.wrap(PLAIN));
                assertThat(client.read(ByteBuffer.allocate(PLAIN.length))).isEqualTo(PLAIN.length);
            }
            assertThat(descriptorFlags(portshare, 3))
                    .as("does not block, and is not inherited")
                    .isEqualTo(04000 | 02000000);
        }
    }

    private static int descriptorFlags(Portshare portshare, int fd) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + portshare.pid() + "/fdinfo/" + fd)).stream()
                .filter(each -> each.startsWith("flags:"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(line.substring("flags:".length()).strip(), 8) & (04000 | 02000000);
    }

    @Test
    void aNameThatWasNotPassedIsRefusedWithThoseThatWere() {
        assertThat(passing("LISTEN_FDS=2 LISTEN_PID=$$ LISTEN_FDNAMES=http:web.socket"))
                .contains("systemd:https", "no socket of this name", "http, web.socket", "FileDescriptorName=https");
        assertThat(passing("LISTEN_FDS=1 LISTEN_PID=1")).contains("LISTEN_PID", "exec");
        assertThat(passing("LISTEN_PID=$$")).contains("none was passed", "socket unit");
    }

    @Test
    void whatIsNoSocketIsRefused() {
        assertThat(passing("LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=https"))
                .contains("systemd:https", "is no socket", "ListenStream=");
    }

    /** What it says when it is told to listen on {@code systemd:https}, and is passed /dev/null under this environment. */
    private static String passing(String environment) {
        List<String> prefix =
                List.of("bash", "-c", "exec 3</dev/null 4</dev/null; export " + environment + "; exec \"$@\"", "bash");
        Command.Result result = Command.of(
                        Portshare.words(prefix, List.of("--listen", "systemd:https", "--otherwise", "reject")))
                .run();
        assertThat(result.exit()).isEqualTo(1);
        return result.err();
    }

    /** A client that waits has systemd start it anew at once, and too many starts have it close the socket. */
    @Test
    @Needs("python3")
    void aWrongRouteFileKeepsTheServiceManagerWaitingAndTellsItWhatToDo() throws Exception {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), "listn: systemd:https\n");
        String notify = folder.resolve("notify").toString();
        try (Script manager = new Script("notify-socket.py", notify)) {
            manager.line("bound");
            String environment = "NOTIFY_SOCKET=" + notify + " LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=https";
            long start = System.nanoTime();
            Command.Result result = Command.of(Portshare.words(
                            List.of("bash", "-c", "exec 3</dev/null; export " + environment + "; exec \"$@\"", "bash"),
                            List.of("--config", file.toString())))
                    .run();
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(5));
            assertThat(result.exit()).isEqualTo(2);
            assertThat(result.err()).contains("listn: unknown key");
            assertThat(manager.line("STATUS="))
                    .isEqualTo(
                            "STATUS=the route file or an option is wrong, as the log says; correct it, then: systemctl"
                                    + " restart portshare");
        }
    }

    @Test
    void aCheckNeedsNoSystemd() throws Exception {
        Path file =
                Files.writeString(folder.resolve("portshare.yaml"), "listen: systemd:https\nroutes: [{to: reject}]\n");
        Portshare.run("check", file.toString()).ok();
    }

    /** The program ends and is started anew twice, while clients come at a thousand a second. */
    @Test
    @Needs("python3")
    void whileTheProgramIsStartedAnewNobodyIsRefused() throws Exception {
        int clients = 3000;
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger echoes = new AtomicInteger();
        try (ServerSocket echo = Sockets.echo();
                Script unit = new Script(
                        "socket-unit.py",
                        Portshare.PROGRAM.toString(),
                        "--listen",
                        "systemd:https",
                        "--otherwise",
                        at(echo));
                var pace = Executors.newSingleThreadScheduledExecutor();
                var each = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = Integer.parseInt(unit.line("port ").substring("port ".length()));
            unit.line("listening on systemd:https");
            AtomicInteger started = new AtomicInteger();
            pace.scheduleAtFixedRate(
                    () -> {
                        if (started.getAndIncrement() < clients) {
                            each.execute(() -> {
                                try {
                                    assertEchoes(Sockets.connect("127.0.0.1", port));
                                    echoes.incrementAndGet();
                                } catch (Throwable e) {
                                    failures.add(e);
                                }
                            });
                        }
                    },
                    0,
                    1,
                    TimeUnit.MILLISECONDS);
            for (int restart = 1; restart <= 2; restart++) {
                int before = restart * clients / 4;
                await().atMost(Portshare.PATIENCE).until(() -> started.get() > before);
                unit.say("restart");
                unit.line("listening on systemd:https", restart + 1);
            }
            await().atMost(Portshare.PATIENCE.multipliedBy(2)).until(() -> echoes.get() + failures.size() == clients);
            unit.sayNoMore();
            assertThat(unit.line("exit code", 3)).isEqualTo("exit code 0");
        }
        assertThat(failures).isEmpty();
        assertThat(echoes).hasValue(clients);
    }

    /** Waits until somebody listens. */
    private static Socket connect(int port) {
        Socket[] client = new Socket[1];
        await().atMost(Portshare.PATIENCE)
                .ignoreException(ConnectException.class)
                .until(() -> {
                    client[0] = Sockets.connect("127.0.0.1", port);
                    return true;
                });
        return client[0];
    }

    private static void assertEchoes(Socket client) throws IOException {
        try (client) {
            client.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
        }
    }
}
