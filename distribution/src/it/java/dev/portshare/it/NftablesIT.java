package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.UnixEcho;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The nftables table that comes with the program, between two machines. */
@Needs({"netns", "nft", "socat", "python3"})
class NftablesIT {
    private static final String FILE =
            Portshare.HOME.resolve("share/portshare/portshare.nft").toString();
    /** More than the limit lets through at once. */
    private static final int MANY = 200;

    private static final int BURST = 100;

    @TempDir
    private Path folder;

    private NetworkNamespace server;
    private NetworkNamespace clients;
    private UnixEcho web;
    private Portshare portshare;

    @BeforeEach
    void connect() throws IOException {
        server = new NetworkNamespace();
        clients = new NetworkNamespace();
        server.connect(
                clients,
                List.of("192.0.2.1/24", "2001:db8::1/32"),
                List.of("192.0.2.7/24", "192.0.2.8/24", "2001:db8:1::7/32", "2001:db8:1::8/32", "2001:db8:2::7/32"));
        web = new UnixEcho(folder.resolve("web"));
        portshare = Portshare.under(server.prefix(), "--listen", "443", "--otherwise", "unix:" + folder.resolve("web"));
        server.run("nft", "-c", "-f", FILE).ok();
        assertThat(server.run("nft", "list", "ruleset").ok().out()).isEmpty();
        server.run("nft", "-f", FILE).ok();
    }

    @AfterEach
    void close() throws IOException {
        portshare.close();
        web.close();
        clients.close();
        server.close();
    }

    /** Whether the client with this address gets an answer. */
    private boolean isServed(String from) {
        return isServed(from, 10);
    }

    private boolean isHeldOff(String from) {
        return !isServed(from, 1);
    }

    private boolean isServed(String from, int seconds) {
        return clients.run(
                        "bash",
                        "-c",
                        "echo hello | socat -t 10 - TCP:%s:443,bind=%s,connect-timeout=%d"
                                .formatted(
                                        from.contains(":") ? "[2001:db8::1]" : "192.0.2.1",
                                        from.contains(":") ? "[" + from + "]" : from,
                                        seconds))
                .out()
                .equals("hello\n");
    }

    /** How many of {@link #MANY} connections, begun at once by these clients in turn, are there before the kernel tries again. */
    private int storm(String... from) {
        String script = """
            import selectors, socket, sys, time
            many, server, clients = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
            family = socket.AF_INET6 if ":" in server else socket.AF_INET
            waiting, sockets, connected = selectors.DefaultSelector(), [], 0
            for i in range(many):
                sockets.append(socket.socket(family))
                sockets[-1].setblocking(False)
                sockets[-1].bind((clients[i % len(clients)], 0))
                sockets[-1].connect_ex((server, 443))
                waiting.register(sockets[-1], selectors.EVENT_WRITE)
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                for key, _ in waiting.select(end - time.monotonic()):
                    waiting.unregister(key.fileobj)
                    connected += key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
            print(connected)
            """;
        List<String> words = new java.util.ArrayList<>(List.of("python3", "-c", script, MANY + ""));
        words.add(from[0].contains(":") ? "2001:db8::1" : "192.0.2.1");
        words.addAll(List.of(from));
        return Integer.parseInt(
                clients.run(words.toArray(String[]::new)).ok().out().strip());
    }

    @ParameterizedTest
    @CsvSource({
        "banned4, 192.0.2.7 timeout 1h, 192.0.2.7, 192.0.2.8",
        "banned4, 192.0.2.0/29, 192.0.2.7, 192.0.2.8",
        "banned6, 2001:db8:1::7 timeout 1h, 2001:db8:1::7, 2001:db8:1::8",
        "banned6, 2001:db8:1::/64 timeout 1h, 2001:db8:1::8, 2001:db8:2::7"
    })
    void whoIsBannedIsNotServedAndOthersAre(String set, String element, String banned, String other) {
        assertThat(isServed(banned)).isTrue();
        server.run("nft", "add", "element", "inet", "portshare", set, "{ " + element + " }")
                .ok();
        assertThat(isHeldOff(banned)).isTrue();
        assertThat(isServed(other)).isTrue();

        // Loaded again, it still knows whom.
        server.run("nft", "-f", FILE).ok();
        assertThat(isHeldOff(banned)).isTrue();
        server.run("nft", "delete", "table", "inet", "portshare").ok();
        assertThat(server.run("nft", "list", "ruleset").ok().out()).isEmpty();
        assertThat(isServed(banned)).isTrue();
    }

    @Test
    void whoConnectsFarTooOftenIsHeldUpAndOthersAreServed() {
        assertThat(isServed("192.0.2.7")).isTrue();
        assertThat(storm("192.0.2.7")).isBetween(BURST, MANY - 50);
        assertThat(isServed("192.0.2.8")).isTrue();
        server.run("nft", "delete", "table", "inet", "portshare").ok();
        assertThat(storm("192.0.2.7")).isEqualTo(MANY);
    }

    @Test
    void anIpv6ClientIsItsNetwork() {
        // Who has not been met yet has few packets waiting for the answer where they live.
        for (String client : List.of("2001:db8:1::7", "2001:db8:1::8")) {
            assertThat(isServed(client)).isTrue();
        }
        assertThat(storm("2001:db8:1::7", "2001:db8:1::8")).isBetween(BURST, MANY - 50);
        assertThat(isServed("2001:db8:2::7")).isTrue();
    }
}
