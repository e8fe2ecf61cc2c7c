package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.FullBacklog;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Vitals;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** One backend that never answers, one that refuses and one that serves: whoever stays is served, and whoever goes leaves nothing behind. */
class OvertakingIT {
    private static final int CLIENTS = 150;
    /** Longer than until a backend is overtaken. */
    private static final int LONGEST_STAY_MILLIS = 1500;

    @Test
    void clientsComeAndGoWhileBackendsAreTried() throws Exception {
        try (FullBacklog silent = new FullBacklog();
                ServerSocket echo = Sockets.echo();
                Portshare portshare =
                        Portshare.routing("""
                            routes:
                              - name: web
                                to: ["%s", "127.0.0.1:%d", "%s"]
                                health: {failures: 1000}
                            """.formatted(at(silent.socket()), Sockets.freePort(), at(echo)));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long before = Vitals.files(portshare.pid());
            Random random = new Random(1);
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int stay = random.nextBoolean() ? -1 : random.nextInt(LONGEST_STAY_MILLIS);
                boolean resets = random.nextBoolean();
                clients.add(CompletableFuture.runAsync(() -> client(portshare, stay, resets), threads));
            }
            CompletableFuture.allOf(clients.toArray(CompletableFuture<?>[]::new))
                    .join();
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(portshare.connection().close()).isIn("completed", "client-reset", "client-lost");
            }
            await().atMost(Portshare.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(Vitals.files(portshare.pid())).isEqualTo(before));
        }
    }

    /** Stays until it is served where {@code stay} is negative, or else for so many milliseconds. */
    private static void client(Portshare portshare, int stay, boolean resets) {
        try (Socket client = connect(portshare, PLAIN)) {
            if (stay < 0) {
                assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                return;
            }
            Thread.sleep(stay);
            if (resets) {
                client.setSoLinger(true, 0);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
