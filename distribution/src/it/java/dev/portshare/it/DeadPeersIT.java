package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever vanishes without a word, as a laptop does that is closed, is found after {@code timeouts.lost}, and the other side told. */
@Needs({"netns", "nft", "socat"})
class DeadPeersIT {
    private static final int PORT = 8443;

    @TempDir
    private Path folder;

    private NetworkNamespace here;
    private NetworkNamespace there;

    @BeforeEach
    void lay() {
        here = new NetworkNamespace();
        there = new NetworkNamespace();
        here.connect(there, List.of("192.0.2.1/24"), List.of("192.0.2.2/24"));
    }

    @AfterEach
    void leave() {
        there.close();
        here.close();
    }

    /** It says nothing, and is said nothing to: keep-alive finds it. */
    @Test
    void aClientThatVanishedIsLost() throws Exception {
        Process backend = start(here, "socat", "TCP-LISTEN:9000,bind=127.0.0.1", "EXEC:cat");
        try (Portshare portshare = serving("to: 127.0.0.1:9000")) {
            Process client = start(there, "socat", "-t60", "-", "TCP:192.0.2.1:" + PORT);
            talk(client);
            cut();
            assertThat(portshare.connection().close()).isEqualTo("client-lost");
            // Its backend is reset, and ends.
            assertThat(backend.waitFor(Portshare.PATIENCE)).isTrue();
            client.destroy();
        } finally {
            backend.destroy();
        }
    }

    /** It was sent something, and never acknowledges it. */
    @Test
    void aBackendThatVanishedIsLost() throws Exception {
        Process backend = start(there, "socat", "TCP-LISTEN:9000", "EXEC:cat");
        try (Portshare portshare = serving("to: 192.0.2.2:9000")) {
            Process client = start(here, "socat", "-t1", "-", "TCP:127.0.0.1:" + PORT);
            talk(client);
            cut();
            client.getOutputStream().write("more\n".getBytes());
            client.getOutputStream().flush();
            Connection connection = portshare.connection();
            assertThat(connection.close()).isEqualTo("backend-lost");
            assertThat(client.waitFor(Portshare.PATIENCE)).isTrue();
        } finally {
            backend.destroy();
        }
    }

    private static void talk(Process client) throws Exception {
        client.getOutputStream().write("hello\n".getBytes());
        client.getOutputStream().flush();
        assertThat(client.inputReader().readLine()).isEqualTo("hello");
    }

    /** From now on no packet arrives from there. */
    private void cut() {
        here.run(
                        "nft",
                        "add table inet cut { chain input { type filter hook input priority 0; iifname cable drop; };"
                                + " }")
                .ok();
    }

    private Process start(NetworkNamespace where, String... words) throws Exception {
        List<String> command = new ArrayList<>(where.prefix());
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    private Portshare serving(String to) throws Exception {
        Path file = folder.resolve("portshare.yaml");
        Files.writeString(
                file, "listen: 0.0.0.0:%d\nroutes: [{name: all, %s}]\ntimeouts: {lost: 3s}\n".formatted(PORT, to));
        return Portshare.under(here.prefix(), "run", "--config", file.toString());
    }
}
