package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code --user}: started by root, serving as somebody else. */
@Needs("root")
class UserIT {
    /** Debian and others have it, and it has no further groups. */
    private static final String USER = "nobody";

    private static final String NO_CAPABILITIES = "0000000000000000";

    @Test
    void everyThreadGivesUpRootAndWhatItCouldDoForGood() throws Exception {
        String uid = Command.of("id", "-u", USER).run().ok().out().strip();
        String gid = Command.of("id", "-g", USER).run().ok().out().strip();
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare =
                        Portshare.start("--listen", "127.0.0.1:0", "--otherwise", at(echo), "--user", USER)) {
            // Threads of before, and those that serving makes.
            try (Socket client = connect(portshare, PLAIN)) {
                assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            }
            List<Path> threads;
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + portshare.pid() + "/task"))) {
                threads = tasks.toList();
            }
            assertThat(threads).hasSizeGreaterThan(5);
            for (Path thread : threads) {
                assertThat(status(thread, "Uid")).as("thread %s", thread).containsOnly(uid);
                assertThat(status(thread, "Gid")).as("thread %s", thread).containsOnly(gid);
                assertThat(status(thread, "Groups")).as("thread %s", thread).containsOnly(gid);
                for (String set : List.of("CapPrm", "CapEff", "CapAmb")) {
                    assertThat(status(thread, set)).as("thread %s", thread).containsOnly(NO_CAPABILITIES);
                }
                assertThat(status(thread, "NoNewPrivs")).as("thread %s", thread).containsOnly("1");
            }
        }
    }

    private static List<String> status(Path thread, String key) throws IOException {
        return Files.readAllLines(thread.resolve("status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .flatMap(line ->
                        Arrays.stream(line.substring(key.length() + 1).strip().split("\\s+")))
                .toList();
    }

    @Test
    @Needs("netns")
    void aPortBelow1024IsListenedOnBefore() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace();
                Portshare portshare = Portshare.under(
                        namespace.prefix(), "--listen", "443", "--otherwise", "reject", "--user", USER)) {
            assertThat(portshare.line("listening on")).endsWith(":443");
            assertThat(status(Path.of("/proc/" + portshare.pid()), "CapEff")).containsOnly(NO_CAPABILITIES);
        }
    }

    @Test
    void anUnknownUserIsRefusedWithTheRemedy() {
        Command.Result result = Portshare.run("--listen", "0", "--otherwise", "reject", "--user", "no-such-user");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("--user: no user \"no-such-user\"", "useradd --system");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void rootIsNobodyElse() {
        Command.Result result = Portshare.run("--listen", "0", "--otherwise", "reject", "--user", "root");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("\"root\" is root itself");
    }

    @Test
    @Needs("setpriv")
    void onlyRootCanBecomeAnother() {
        // The tests may run in a folder that only root can read.
        List<String> unprivileged = List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--inh-caps=+dac_override",
                "--ambient-caps=+dac_override");
        Command.Result result = Command.of(Portshare.words(
                        unprivileged, List.of("--listen", "0", "--otherwise", "reject", "--user", USER)))
                .run();
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("only root can become another user", "--user");
    }
}
