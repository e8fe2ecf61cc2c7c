package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Kernel;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How TCP cut Chromium's hello, which is longer than an Ethernet frame holds, makes no difference: Envoy (#40544) and HAProxy
 * (#3148) stumbled over hellos that need several reads.
 */
class SegmentsIT {
    private static final byte HANDSHAKE = 22;
    private static final byte SERVER_HELLO = 2;

    private final Corpus.Head chromium = Corpus.head("tls-chromium-1");
    private final byte[] hello = chromium.bytes();

    SegmentsIT() throws Exception {}

    @Test
    @Needs({"nginx", "openssl"})
    void aHelloInSegmentsGetsItsAnswerFromNginx(@TempDir Path folder) throws Exception {
        try (Nginx nginx = new Nginx(folder);
                Portshare portshare = Portshare.start(
                        "--listen", "0", "--tls", chromium.sni() + "=" + nginx.rest(), "--otherwise", "reject")) {
            for (int size : new int[] {hello.length, 1460, hello.length / 2, 300, 60}) {
                try (Socket client = connect(portshare)) {
                    Kernel.writeInSegments(client, hello, size);
                    // A record header of five bytes, and then the type of the handshake message.
                    byte[] answer = client.getInputStream().readNBytes(6);
                    assertThat(answer).hasSize(6);
                    assertThat(answer[0]).isEqualTo(HANDSHAKE);
                    assertThat(answer[5]).isEqualTo(SERVER_HELLO);
                }
                assertRoutedByName(portshare.connection());
            }
        }
    }

    @Test
    void theBackendGetsAHelloInTwoSegmentsWhole() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.start(
                        "--listen", "0", "--tls", chromium.sni() + "=" + at(backend), "--otherwise", "reject")) {
            for (int cut : new int[] {1, 5, 9, 1008, hello.length - 1}) {
                try (Socket client = connect(portshare)) {
                    Kernel.writeSegment(client, hello, 0, cut);
                    Kernel.writeSegment(client, hello, cut, hello.length);
                    client.shutdownOutput();
                    try (Socket server = accept(backend)) {
                        assertThat(server.getInputStream().readAllBytes()).isEqualTo(hello);
                    }
                }
                assertRoutedByName(portshare.connection());
            }
        }
    }

    private void assertRoutedByName(Connection connection) {
        assertThat(connection.get("sni")).isEqualTo(chromium.sni());
        assertThat(connection.get("alpn")).isEqualTo("h2,http/1.1");
        assertThat(connection.route()).isEqualTo("tls:" + chromium.sni());
    }
}
