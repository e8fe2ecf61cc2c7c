package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    /** sslh's children kept the listening socket (#521): here those who are still connected leave the port to a successor. */
    @Test
    void aSuccessorListensOnThePortWhile100TunnelsLiveOn() throws Exception {
        String port = "127.0.0.1:" + Sockets.freePort();
        List<Socket> tunnels = new ArrayList<>();
        try (ServerSocket echo = Sockets.echo();
                Portshare before = Portshare.start("--listen", port, "--otherwise", at(echo))) {
            for (int i = 0; i < 100; i++) {
                Socket client = connect(before, PLAIN);
                tunnels.add(client);
                assertEchoes(client);
            }
            before.signal("TERM");
            awaitRefusal(before);
            try (Portshare after = Portshare.start("--listen", port, "--otherwise", at(echo));
                    Socket client = connect(after, PLAIN)) {
                assertEchoes(client);
                for (Socket tunnel : tunnels) {
                    tunnel.getOutputStream().write(PLAIN);
                    assertEchoes(tunnel);
                }
                assertThat(before.isAlive()).isTrue();
            }
        } finally {
            for (Socket tunnel : tunnels) {
                tunnel.close();
            }
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

    /** Nobody takes what it writes to standard output: neither its connections nor its end may wait for that. */
    @Test
    void aStuckReaderOfTheLogHoldsUpNothing() throws Exception {
        Process process = new ProcessBuilder(
                        Portshare.PROGRAM.toString(), "--listen", "127.0.0.1:0", "--otherwise", "reject")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader log = process.inputReader()) {
            String line = log.readLine();
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            // A pipe holds 64 KiB: some 400 lines.
            for (int i = 0; i < 1500; i++) {
                try (Socket client = Sockets.connect("127.0.0.1", port)) {
                    client.getOutputStream().write(PLAIN);
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
            }
            // Through the handle: process.destroy() would close the pipe as well.
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
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
