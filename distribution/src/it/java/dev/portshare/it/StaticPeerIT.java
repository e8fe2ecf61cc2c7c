package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenVPN peers without TLS, whose packets look like nothing, are told by the key that they share. */
@Needs("openvpn")
class StaticPeerIT {
    @TempDir
    private Path folder;

    private Path key;

    @BeforeEach
    void makeTheKey() {
        key = folder.resolve("static.key");
        Command.of("openvpn", "--genkey", "secret", key.toString()).run().ok();
    }

    /** Says something each second, and reads nothing from a network of its own. */
    private static Process peer(Path log, Path key, String auth, String cipher, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("openvpn", "--dev", "null", "--ping", "1", "--verb", "3"));
        words.addAll(List.of("--secret", key.toString(), "--auth", auth, "--cipher", cipher));
        words.addAll(List.of(more));
        return Command.builder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private Portshare front(String auth, int port) throws IOException {
        return Portshare.serving("""
            listen: 127.0.0.1:0
            routes:
              - {name: peer, when: {openvpn-key: {secret: %s, auth: %s}}, to: "127.0.0.1:%d"}
              - {name: stranger, to: reject}
            """.formatted(key, auth, port));
    }

    @ParameterizedTest
    @CsvSource({"SHA1, AES-128-CBC", "SHA512, AES-256-CBC"})
    void peersThatShareAKeyFindEachOther(String auth, String cipher) throws Exception {
        int port = Sockets.freePort();
        Path log = folder.resolve("server.log");
        try (Portshare portshare = front(auth, port)) {
            Process server =
                    peer(log, key, auth, cipher, "--proto", "tcp-server", "--local", "127.0.0.1", "--port", "" + port);
            await().atMost(Portshare.PATIENCE).until(() -> Files.readString(log).contains("Listening for incoming"));
            Process client = client(portshare, key, auth, cipher);
            try {
                await().atMost(Portshare.PATIENCE)
                        .until(() -> Files.readString(log).contains("Peer Connection Initiated"));
            } finally {
                Command.end(client);
                Command.end(server);
            }
            Connection connection = portshare.connection();
            assertThat(connection.get("proto")).isEqualTo("openvpn");
            assertThat(connection.route()).isEqualTo("peer");
        }
    }

    private Process client(Portshare portshare, Path key, String auth, String cipher) throws IOException {
        String port = String.valueOf(portshare.port());
        return peer(
                folder.resolve("client.log"),
                key,
                auth,
                cipher,
                "--proto",
                "tcp-client",
                "--nobind",
                "--remote",
                "127.0.0.1",
                port);
    }

    @Test
    void onesWithAnotherKeyAreStrangers() throws Exception {
        Path other = folder.resolve("other.key");
        Command.of("openvpn", "--genkey", "secret", other.toString()).run().ok();
        try (Portshare portshare = front("SHA256", Sockets.freePort())) {
            Process client = client(portshare, other, "SHA256", "AES-256-CBC");
            try {
                Connection connection = portshare.connection();
                assertThat(connection.get("proto")).isEqualTo("unrecognised");
                assertThat(connection.route()).isEqualTo("stranger");
            } finally {
                Command.end(client);
            }
        }
    }
}
