package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.FirstPacket;
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
import org.junit.jupiter.api.io.TempDir;

/** {@code --user}: started by root, serving as somebody else. */
@Needs("root")
class UserIT {
    /** Debian and others have it, and it has no further groups. */
    private static final String USER = "nobody";

    private static final String USER_GROUP = "65534";

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

    /** With a folder for each that the user reaches: temporary folders of tests are only root's. */
    @Test
    @Needs("setpriv")
    void theLogAndTheControlSocketAreTheUsersAndReloadWorks() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "portshare");
        try {
            Command.of("chown", USER, folder.toString()).run().ok();
            Path rootsFolder = Files.createDirectory(folder.resolve("run"));
            Path socket = rootsFolder.resolve("admin.sock");
            Path log = folder.resolve("p.log");
            int port = Sockets.freePort();
            Path routes = Files.writeString(folder.resolve("portshare.yaml"), """
                listen: 127.0.0.1:%d
                routes: [{name: old, to: reject}]
                log: {file: %s, rotate: {size: 64KiB, keep: 99}}
                admin: {socket: %s}
                """.formatted(port, log, socket));
            Command.of("chmod", "0755", folder.toString(), rootsFolder.toString())
                    .run()
                    .ok();
            Command.of("chmod", "0644", routes.toString()).run().ok();
            Process process = new ProcessBuilder(
                            Portshare.words(List.of(), List.of("--config", routes.toString(), "--user", USER)))
                    .inheritIO()
                    .start();
            try {
                await().atMost(Portshare.PATIENCE)
                        .until(() -> Files.exists(log) && Files.readString(log).contains("listening on"));
                String userAndGroup =
                        USER + " " + Command.of("id", "-gn", USER).run().ok().out();
                for (Path file : List.of(log, socket)) {
                    assertThat(Command.of("stat", "--format=%U %G", file.toString())
                                    .run()
                                    .ok()
                                    .out())
                            .as("%s", file)
                            .isEqualTo(userAndGroup);
                }
                // The line of before root was given up is not lost.
                assertThat(log).content().contains("admin interface at unix:" + socket);

                Files.writeString(routes, Files.readString(routes).replace("old", "new"));
                assertThat(asUser("reload", socket).ok().out()).startsWith("reloaded ");
                assertThat(asUser("status", socket).ok().out()).containsPattern("(?m)^new ");
                assertThat(Portshare.run("status", "--admin", socket.toString())
                                .ok()
                                .out())
                        .contains("is serving");

                for (int i = 0; i < 700; i++) {
                    try (Socket client = connect("127.0.0.1", port)) {
                        client.getOutputStream().write(PLAIN);
                        assertThat(client.getInputStream().read()).isEqualTo(-1);
                    }
                }
                await().atMost(Portshare.PATIENCE).until(() -> Files.exists(folder.resolve("p.log.1")));
                assertThat(log).content().doesNotContain("cannot rotate");
            } finally {
                process.destroy();
                process.waitFor();
            }
            assertThat(process.exitValue()).isZero();
        } finally {
            Command.of("rm", "-rf", folder.toString()).run().ok();
        }
    }

    /** In a folder that root makes for the user; the key is read anew by the user, too. */
    @Test
    void aRecordedPacketStaysKnownWhenTheProcessIsKilled() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "portshare");
        try (ServerSocket vpn = Sockets.backend();
                ServerSocket web = Sockets.backend()) {
            String key = FirstPacket.key(folder.resolve("ta.key")).toString();
            Path routes = Files.writeString(folder.resolve("portshare.yaml"), """
                listen: 127.0.0.1:0
                routes:
                  - {name: vpn, when: {openvpn-key: {tls-crypt: ta.key}}, to: "%s"}
                  - {name: web, to: "%s"}
                state-dir: ./state
                """.formatted(at(vpn), at(web)));
            Command.of("chmod", "0755", folder.toString()).run().ok();
            Command.of("chown", "root:" + USER_GROUP, key, routes.toString())
                    .run()
                    .ok();
            Command.of("chmod", "0640", key, routes.toString()).run().ok();
            for (ServerSocket backend : List.of(vpn, web)) {
                try (Portshare portshare = Portshare.under(List.of(), "--config", routes.toString(), "--user", USER)) {
                    assertThat(portshare.reload()).contains("INFO reloaded");
                    byte[] packet = FirstPacket.bytes();
                    try (Socket _ = connect(portshare, packet);
                            Socket server = Sockets.accept(backend)) {
                        assertThat(server.getInputStream().readNBytes(packet.length))
                                .isEqualTo(packet);
                    }
                }
            }
            Path state = folder.resolve("state");
            assertThat(Command.of("stat", "--format=%U %g %a", state + "", state + "/openvpn-packets", state + "/lock")
                            .run()
                            .ok()
                            .out())
                    .isEqualTo("%1$s %2$s 700\n%1$s %2$s 600\n%1$s %2$s 600\n".formatted(USER, USER_GROUP));
        } finally {
            Command.of("rm", "-rf", folder.toString()).run().ok();
        }
    }

    private static Command.Result asUser(String command, Path socket) {
        return Command.of(Portshare.words(
                        List.of(
                                "setpriv",
                                "--reuid=" + USER,
                                "--regid=" + USER_GROUP,
                                "--clear-groups",
                                // The tests may run in a folder that only root can read.
                                "--inh-caps=+dac_read_search",
                                "--ambient-caps=+dac_read_search"),
                        List.of(command, "--admin", socket.toString())))
                .run();
    }

    @Test
    void aLogThatTheUserMayNotWriteIsToldAtTheStart(@TempDir Path folder) throws Exception {
        Path routes = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 127.0.0.1:0
            routes: [{to: reject}]
            log: {file: ./p.log}
            """);
        Command.Result result = Portshare.run("--config", routes.toString(), "--user", USER);
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("portshare: cannot open the log file " + folder + "/p.log: permission denied; let user "
                        + USER + " write to it and to its folder");
        assertThat(folder.resolve("p.log")).doesNotExist();
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
