package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.FirstPacket;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another program was told, portshare does. */
class ImportIT {
    @TempDir
    private Path folder;

    @Test
    void theImportedFileServes() throws Exception {
        try (ServerSocket web = Sockets.backend()) {
            Path file = Files.writeString(folder.resolve("server.conf"), """
                local 127.0.0.1
                port 0
                proto tcp-server
                port-share 127.0.0.1 %d
                dev tun
                """.formatted(web.getLocalPort()));
            String yaml = Portshare.run("import", file.toString()).ok().out();
            byte[] hello = Corpus.head("tls-chromium-1").bytes();
            try (Portshare portshare = Portshare.serving(yaml);
                    Socket client = new Socket(InetAddress.getLoopbackAddress(), portshare.port())) {
                client.getOutputStream().write(hello);
                try (Socket server = web.accept()) {
                    assertThat(server.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
                }
            }
        }
    }

    @Test
    void theImportedFilePassesTheCheckAndHidesTheServerBehindItsKey() throws Exception {
        FirstPacket.key(folder.resolve("ta.key"));
        try (ServerSocket vpn = Sockets.backend();
                ServerSocket web = Sockets.backend()) {
            Path file = Files.writeString(folder.resolve("server.conf"), """
                local 127.0.0.1
                port 0
                proto tcp-server
                port-share 127.0.0.1 %d
                tls-crypt ta.key
                """.formatted(web.getLocalPort()));
            String yaml = Portshare.run("import", file.toString()).ok().out();
            Path routes = Files.writeString(
                    folder.resolve("portshare.yaml"), yaml.replace("127.0.0.1:1194", Sockets.at(vpn)));
            Portshare.run("check", routes.toString()).ok();
            byte[] packet = FirstPacket.bytes();
            byte[] forged = packet.clone();
            forged[forged.length - 1] ^= 1;
            try (Portshare portshare = Portshare.configured(routes, 1)) {
                for (byte[] head : List.of(packet, forged)) {
                    try (Socket _ = Sockets.connect(portshare, head)) {
                        assertThat(received(head == packet ? vpn : web, head.length))
                                .isEqualTo(head);
                    }
                }
            }
        }
    }

    /** What comes first to {@code backend}; connections that were dropped unused do not count. */
    private static byte[] received(ServerSocket backend, int length) throws Exception {
        byte[] bytes = {};
        while (bytes.length == 0) {
            try (Socket server = Sockets.accept(backend)) {
                bytes = server.getInputStream().readNBytes(length);
            }
        }
        return bytes;
    }

    @Test
    void whatStandardInputBringsHasNoPath() throws Exception {
        Path file = Files.writeString(
                folder.resolve("server.conf"), "proto tcp\nport-share 127.0.0.1 8443\ntls-crypt ta.key\n");
        Command.Result result = Command.of("bash", "-c", Portshare.PROGRAM + " import /dev/stdin < " + file)
                .run();
        assertThat(result.ok().out()).contains("has no path", "when: {protocol: openvpn}");
    }

    @Test
    void aFileThatCannotBeReadIsToldWithItsPlaceAndPrintsNothing() throws Exception {
        Path file =
                Files.writeString(folder.resolve("sslh.cfg"), "protocols: (\n  { name: \"ssh\"; host: \"h\" }\n);\n");
        Command.Result result = Portshare.run("import", file.toString());
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith(file + ":2:3: no \"port\" between these braces; write one");
    }
}
