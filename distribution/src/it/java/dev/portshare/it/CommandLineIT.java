package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.FirstPacket;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is told whole, with a remedy, and by the exit code. */
class CommandLineIT {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("portshare.yaml");
    }

    /** {@code run} and {@code check} say the same. */
    @ParameterizedTest
    @ValueSource(strings = {"--config", "check"})
    void everyProblemOfARouteFileIsToldWithItsPlace(String word) throws Exception {
        Files.writeString(file, """
            listen: 127.0.0.1:0
            routes:
              - name: vpn
                when: {protocol: opnvpn}
                to: 127.0.0.1:1194
              - name: vpn
                wen: {protocol: tls}
                to: 127.0.0.1:99999
              - name: web
            timeouts: {head: 10}
            """);
        Command.Result result = Portshare.run(word, file.toString());
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().map(line -> line.replaceFirst("^" + file, "")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(":4:22: routes[0].when.protocol: ")
                                .contains("openvpn"),
                        line -> assertThat(line)
                                .startsWith(":6:11: routes[1].name: ")
                                .contains("duplicate"),
                        line -> assertThat(line)
                                .startsWith(":7:5: routes[1].wen: ")
                                .contains("when"),
                        line -> assertThat(line)
                                .startsWith(":8:9: routes[1].to: ")
                                .contains("65535"),
                        line -> assertThat(line).startsWith(":9:5: routes[2]: ").contains("to"),
                        line -> assertThat(line)
                                .startsWith(":10:18: timeouts.head: ")
                                .contains("10s"));
    }

    @Test
    void aRouteFileInOrderPassesTheCheck() throws Exception {
        Files.writeString(file, "listen: 443\nroutes: [{to: 127.0.0.1:8443}]\n");
        Command.Result result = Portshare.run("check", file.toString());
        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--listen 0",
                "--otherwise 127.0.0.1:1",
                "--listen 0 --otherwise 127.0.0.1",
                "--listen 0 --opnvpn 127.0.0.1:1",
                "--config /nonexistent.yaml",
                "--config /nonexistent.yaml --listen 0",
                "chek x"
            })
    void aWrongCommandLineIsRefused(String arguments) {
        Command.Result result = Portshare.run(arguments.split(" "));
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).isNotBlank();
    }

    @Test
    void aPortInUseIsNamedWithTheRemedy() throws Exception {
        try (ServerSocket other = Sockets.backend()) {
            Command.Result result = Portshare.run("--listen", Sockets.at(other), "--otherwise", "127.0.0.1:1");
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .contains(Sockets.at(other))
                    .contains("another process")
                    .contains("ss -ltnp");
        }
    }

    /** In a network namespace, since a container may let everybody listen everywhere. */
    @Test
    void aStateDirThatAnotherProcessUsesIsNamedWithTheRemedy() throws Exception {
        FirstPacket.key(folder.resolve("ta.key"));
        Files.writeString(file, """
            listen: 127.0.0.1:0
            routes: [{when: {openvpn-key: {tls-crypt: ta.key}}, to: reject}]
            state-dir: ./state
            """);
        try (Portshare _ = Portshare.configured(file, 1)) {
            Command.Result result = Portshare.run("--config", file.toString());
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .startsWith(
                            "portshare: cannot use state-dir " + folder.resolve("state") + ": another process uses it.")
                    .contains("a second portshare needs a state-dir of its own");
        }
        // However that one ended: the next has the directory.
        Portshare.configured(file, 1).close();
    }

    @Test
    @Needs({"netns", "setpriv"})
    void aPortThatNeedsAPrivilegeIsNamedWithTheRemedy() {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            List<String> unprivileged = Stream.concat(
                            namespace.prefix().stream(),
                            Stream.of("setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"))
                    .toList();
            Command.Result result = Command.of(
                            Portshare.words(unprivileged, List.of("--listen", "443", "--otherwise", "127.0.0.1:1")))
                    .run();
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).contains("[::]:443").contains("CAP_NET_BIND_SERVICE");
        }
    }
}
