package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.CloseReason;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A FIN is passed on as a FIN, behind the last byte, and ends one direction alone. */
class HalfCloseTest {
    private static final int MANY = 10_000_000;

    private final byte[] data = new byte[MANY];

    HalfCloseTest() {
        new Random(1).nextBytes(data);
    }

    @Test
    void afterTheClientsFinTheBackendStillSends10MegabytesWhole() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            Thread sender = sending(server, data);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(data);
            sender.join();
            var record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.in()).isEqualTo(PLAIN.length);
            assertThat(record.out()).isEqualTo(MANY);
        }
    }

    @Test
    void afterTheBackendsFinTheClientStillSends10MegabytesWhole() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            Thread sender = sending(client, data);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(data);
            sender.join();
            assertThat(front.onlyRecord(CloseReason.COMPLETED).in()).isEqualTo(PLAIN.length + MANY);
        }
    }

    @Test
    void headAndFinTogetherReachTheBackendAsHeadAndFin() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect()) {
            client.getOutputStream().write(PLAIN);
            client.shutdownOutput();
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
                server.getOutputStream().write(PLAIN);
            }
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
        }
    }

    @Test
    void aFinWithoutAByteReachesTheBackendToo() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect()) {
            client.shutdownOutput();
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().read()).isEqualTo(-1);
                server.getOutputStream().write(PLAIN);
            }
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            assertThat(front.onlyRecord(CloseReason.COMPLETED).protocol()).isEqualTo("unrecognised");
        }
    }

    @Test
    void answerAndFinInOneSegmentBothArrive() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            for (int i = 0; i < 200; i++) {
                try (Socket client = front.connect(PLAIN)) {
                    try (Socket server = accept(backend)) {
                        server.getInputStream().readNBytes(PLAIN.length);
                        server.getOutputStream().write(data, 0, 1 + i * 97);
                    }
                    assertThat(client.getInputStream().readAllBytes()).hasSize(1 + i * 97);
                }
                assertThat(front.record().close()).isEqualTo(CloseReason.COMPLETED);
            }
        }
    }

    private static Thread sending(Socket to, byte[] data) {
        return Thread.ofVirtual().start(() -> {
            try (OutputStream out = to.getOutputStream()) {
                out.write(data);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
