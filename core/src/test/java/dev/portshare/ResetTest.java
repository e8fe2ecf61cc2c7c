package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.session.CloseReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A reset on one side is a reset on the other. */
class ResetTest {
    @Test
    void theClientsResetReachesTheBackend() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.getInputStream().readNBytes(PLAIN.length);
            Front.reset(client);
            assertReset(server);
            front.onlyRecord(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void theBackendsResetReachesTheClient() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.getInputStream().readNBytes(PLAIN.length);
            Front.reset(server);
            assertReset(client);
            front.onlyRecord(CloseReason.BACKEND_RESET);
        }
    }

    @Test
    void aResetBehindAFinReachesTheOtherSide() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            Front.reset(client);
            assertThatThrownBy(() -> sendForEver(server)).isInstanceOf(SocketException.class);
            front.onlyRecord(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void aResetIsSeenWhileTheOtherSideIsFull() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    sendForEver(client);
                } catch (IOException _) {
                    // Its own reset, below.
                }
            });
            BackPressureTest.awaitBlocked(sender);
            Front.reset(client);
            // What was under way may still arrive; the end is a reset.
            assertThatThrownBy(() -> server.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
            front.onlyRecord(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void anAnswerThatIsFollowedByAResetIsDeliveredFirst() throws Exception {
        byte[] answer = new byte[10_000];
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            for (int i = 0; i < 50; i++) {
                try (Socket client = front.connect(PLAIN);
                        Socket server = accept(backend)) {
                    server.getInputStream().read();
                    server.getOutputStream().write(answer);
                    Front.reset(server);
                    assertThat(client.getInputStream().readNBytes(answer.length))
                            .hasSize(answer.length);
                    assertReset(client);
                }
                assertThat(front.record().close()).isEqualTo(CloseReason.BACKEND_RESET);
            }
        }
    }

    /** A peer that has ended answers what still comes with a reset: to its client, the end came first. */
    @Test
    void aFinThatIsFollowedByAResetIsPassedOnFirst() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            for (int i = 0; i < 200; i++) {
                try (Socket client = front.connect(PLAIN);
                        Socket server = accept(backend)) {
                    server.getInputStream().readNBytes(PLAIN.length);
                    Thread late = Thread.startVirtualThread(() -> isRefused(client));
                    server.shutdownOutput();
                    Front.reset(server);
                    assertThat(endsInOrder(client)).isTrue();
                    late.join();
                }
                front.record();
            }
        }
    }

    /** Where a write has met the reset, a read sees an end that nobody sent. */
    @Test
    void aResetAloneIsNoFinAlsoWhileTheOtherSideSends() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            for (int i = 0; i < 200; i++) {
                try (Socket client = front.connect(PLAIN);
                        Socket server = accept(backend)) {
                    server.getInputStream().readNBytes(PLAIN.length);
                    CompletableFuture<Boolean> refused =
                            CompletableFuture.supplyAsync(() -> isRefused(client), Thread::startVirtualThread);
                    Front.reset(server);
                    boolean ended = endsInOrder(client);
                    // One of the two calls is told of it.
                    assertThat(!ended || refused.join()).isTrue();
                }
                front.record();
            }
        }
    }

    @Test
    void aClientThatResetsBeforeItsHeadIsWholeIsGone() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(Front.BY_NAME.formatted(Front.at(backend)));
                Socket client = front.connect(new byte[] {0x16, 3})) {
            Front.reset(client);
            var record = front.onlyRecord(CloseReason.CLIENT_RESET);
            assertThat(record.protocol()).isNull();
            assertThat(record.backend()).isNull();
        }
    }

    /** Whether sending a little meets the reset. */
    private static boolean isRefused(Socket socket) {
        try {
            for (int i = 0; i < 20; i++) {
                socket.getOutputStream().write(PLAIN);
            }
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static boolean endsInOrder(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (IOException _) {
            return false;
        }
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> {
                    while (socket.getInputStream().read() >= 0) {}
                })
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private static void sendForEver(Socket socket) throws IOException {
        byte[] bytes = new byte[100_000];
        while (true) {
            socket.getOutputStream().write(bytes);
        }
    }
}
