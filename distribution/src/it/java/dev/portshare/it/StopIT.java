package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How portshare ends, and what that means for those who are connected. */
class StopIT {
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void liveConnectionsGoOnUntilTheyEndAndNewOnesAreRefused(String signal) throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", at(echo));
                Socket client = connect(portshare, PLAIN)) {
            assertEchoes(client);
            portshare.signal(signal);
            awaitRefusal(portshare);
            client.getOutputStream().write(PLAIN);
            assertEchoes(client);
            assertThat(portshare.isAlive()).isTrue();
            client.shutdownOutput();
            assertThat(portshare.exitCode()).isZero();
            assertThat(portshare.connection().close()).isEqualTo("completed");
        }
    }

    @Test
    void whoeverIsConnectedStillAfterTheDrainIsClosed() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.routing(
                        "routes: [{name: echo, to: \"%s\"}]\ntimeouts: {drain: 500ms}".formatted(at(echo)));
                Socket client = connect(portshare, PLAIN)) {
            assertEchoes(client);
            portshare.signal("TERM");
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(portshare.exitCode()).isZero();
            assertThat(portshare.connection().close()).isEqualTo("stopped");
        }
    }

    @Test
    void aSecondInterruptEndsItAtOnce() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.routing(
                        "routes: [{name: echo, to: \"%s\"}]\ntimeouts: {drain: 1h}".formatted(at(echo)));
                Socket client = connect(portshare, PLAIN)) {
            assertEchoes(client);
            portshare.signal("INT");
            portshare.line("stopping");
            portshare.signal("INT");
            assertThat(portshare.exitCode()).isZero();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(portshare.connection().close()).isEqualTo("stopped");
        }
    }

    @Test
    void withNobodyConnectedItEndsAtOnce() throws Exception {
        try (Portshare portshare = Portshare.start("--listen", "0", "--otherwise", "127.0.0.1:1")) {
            portshare.signal("TERM");
            assertThat(portshare.exitCode()).isZero();
        }
    }

    private static void awaitRefusal(Portshare portshare) {
        await().atMost(Portshare.PATIENCE).until(() -> {
            try (Socket _ = connect(portshare)) {
                return false;
            } catch (ConnectException _) {
                return true;
            }
        });
    }

    private static void assertEchoes(Socket client) throws IOException {
        assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
    }
}
