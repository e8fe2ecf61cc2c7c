package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.NameServer;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend is a name, on a machine whose name server and whose files change. */
@Needs({"netns", "dnsmasq", "socat"})
class NamesOfBackendsIT {
    private static final String ONE = "127.0.0.11";
    private static final String TWO = "127.0.0.12";
    /** How long dnsmasq gives an answer, a second for its way, and some for a machine that has other things to do. */
    private static final Duration SOON = Duration.ofSeconds(2 + 1 + 2);

    @TempDir
    private Path folder;

    private final NetworkNamespace namespace = new NetworkNamespace();
    private final Path etc = Path.of("/etc/netns", namespace.name());
    private final List<Process> backends = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(etc);
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
        Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n");
        backend(ONE, "one");
        backend(TWO, "two");
    }

    /** Says to each client, in a line, who it is. */
    private void backend(String address, String name) throws IOException {
        List<String> words = new ArrayList<>(namespace.prefix());
        words.addAll(List.of(
                "socat", "TCP-LISTEN:5001,bind=" + address + ",fork,reuseaddr", "SYSTEM:echo " + name + "; cat"));
        backends.add(Command.builder(words).start());
        await().atMost(Portshare.PATIENCE)
                .until(() -> namespace
                                .run("bash", "-c", "exec 3<>/dev/tcp/" + address + "/5001")
                                .exit()
                        == 0);
    }

    @AfterEach
    void clean() throws IOException {
        backends.forEach(Command::end);
        namespace.close();
        for (String name : List.of("resolv.conf", "hosts")) {
            Files.deleteIfExists(etc.resolve(name));
        }
        Files.deleteIfExists(etc);
    }

    private NameServer server(String address) throws IOException {
        return new NameServer(namespace.prefix(), folder, "127.0.0.1", 53, address + " web.test\n");
    }

    private Portshare start() throws IOException {
        return start("web.test:5001");
    }

    private Portshare start(String to) throws IOException {
        Path file = Files.writeString(
                folder.resolve("routes.yaml"), "listen: 127.0.0.1:443\nroutes: [{name: web, to: \"" + to + "\"}]\n");
        return Portshare.under(namespace.prefix(), "--config", file.toString());
    }

    private String ask() {
        return namespace.ask("127.0.0.1", 443, "hello");
    }

    private void assertBecomes(String backend, Duration within) {
        await().atMost(within).pollInterval(Duration.ofMillis(200)).until(() -> ask().equals(backend));
    }

    @Test
    void newConnectionsFollowTheRecord() throws Exception {
        try (NameServer names = server(ONE);
                Portshare _ = start()) {
            assertThat(ask()).isEqualTo("one");
            names.become(TWO + " web.test\n");
            assertBecomes("two", SOON);
        }
    }

    @Test
    void whileTheNameServerIsDownConnectionsGoOnAndThenItsNewAnswerIsTaken() throws Exception {
        try (Portshare portshare = startWhile(ONE)) {
            assertThat(portshare.line("backend name web.test cannot be looked up anew"))
                    .contains(" WARN ");
            for (int i = 0; i < 5; i++) {
                assertThat(ask()).isEqualTo("one");
            }
            try (NameServer _ = server(TWO)) {
                assertBecomes("two", Portshare.PATIENCE);
            }
            assertThat(portshare.log().stream().filter(line -> line.contains(" WARN ")))
                    .as("once a minute")
                    .hasSize(1);
        }
    }

    /** It is asked for once while the name server runs, which is ended then. */
    private Portshare startWhile(String address) throws IOException {
        try (NameServer _ = server(address)) {
            Portshare portshare = start();
            try {
                assertThat(ask()).isEqualTo("one");
            } catch (Throwable e) {
                portshare.close();
                throw e;
            }
            return portshare;
        }
    }

    @Test
    void theHostsFileAndResolvConfAreReadAnew() throws Exception {
        try (NameServer _ = server(ONE);
                NameServer _ = new NameServer(namespace.prefix(), folder, "127.0.0.2", 53, TWO + " web.test\n");
                Portshare _ = start()) {
            assertThat(ask()).isEqualTo("one");
            Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.2\n");
            assertBecomes("two", Portshare.PATIENCE);
            Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n" + ONE + " web.test\n");
            assertBecomes("one", Portshare.PATIENCE);
        }
    }

    @Test
    void aNameThatIsNotThereIsAskedForAgain() throws Exception {
        try (NameServer names = new NameServer(namespace.prefix(), folder, "127.0.0.1", 53, "");
                Portshare portshare = start()) {
            assertThat(ask()).isEmpty();
            assertThat(portshare.connection().close()).isEqualTo("backend-unknown");
            names.become(ONE + " web.test\n");
            assertBecomes("one", SOON);
        }
    }

    /** The one of the lower priority number is taken; when its record has gone, so are new connections. */
    @Test
    void newConnectionsFollowTheServicesRecords() throws Exception {
        // Were the name completed, it would lead to the other.
        String both = ONE + " one.web.test\n" + TWO + " two.web.test\n" + TWO + " one.web.test.web.test\n";
        String one = "--srv-host=_app._tcp.web.test,one.web.test,5001,1,0";
        String two = "--srv-host=_app._tcp.web.test,two.web.test,5001,2,0";
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.1\nsearch web.test\noptions ndots:5\n");
        NameServer names = new NameServer(namespace.prefix(), folder, "127.0.0.1", 53, both, one, two);
        try (Portshare _ = start("srv:_app._tcp.web.test")) {
            for (int i = 0; i < 3; i++) {
                assertThat(ask()).isEqualTo("one");
            }
            names.close();
            assertThat(ask()).isEqualTo("one");
            names = new NameServer(namespace.prefix(), folder, "127.0.0.1", 53, both, two);
            assertBecomes("two", Portshare.PATIENCE);
        } finally {
            names.close();
        }
    }
}
