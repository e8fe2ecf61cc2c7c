package dev.portshare.it;

import static dev.portshare.it.harness.ThreeMachines.CLIENT;
import static dev.portshare.it.harness.ThreeMachines.FAR;
import static dev.portshare.it.harness.ThreeMachines.MIDDLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.ThreeMachines;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code source: transparent}: what a backend sees of each kind of client, and that bytes go both ways. */
@Needs({"netns", "python3"})
class TransparentIT {
    private static final String LOOPBACK = """
        listen: [443, 8443]
        routes:
          - {name: web4, when: {from: 0.0.0.0/0}, to: "127.0.0.1:80", source: transparent}
          - {name: web6, to: "[::1]:80", source: transparent}
        """;

    @TempDir
    private Path folder;

    private ThreeMachines machines;

    @BeforeEach
    void connect() {
        machines = new ThreeMachines(folder);
    }

    @AfterEach
    void close() {
        machines.close();
    }

    private Portshare portshare(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), yaml);
        return Portshare.under(machines.middle().prefix(), "--config", file.toString());
    }

    private void serveOnLoopback() throws IOException {
        machines.leadLoopbackHere();
        machines.tellFrom(machines.middle(), "127.0.0.1", 80);
        machines.tellFrom(machines.middle(), "::1", 80);
    }

    /** The reverse path filter is no obstacle. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aBackendOnLoopbackSeesTheClientsAddressAndPort(int filter) throws Exception {
        for (String device : List.of("all", "lo", "cable")) {
            machines.middle().sysctl("net.ipv4.conf." + device + ".rp_filter", filter);
        }
        serveOnLoopback();
        try (Portshare _ = portshare(LOOPBACK)) {
            for (int family = 0; family < 2; family++) {
                String client = CLIENT.get(family);
                assertThat(machines.ask(machines.clients(), client, 40001, MIDDLE.get(family), "443"))
                        .containsExactly(client + " 40001 " + client + " 40001");
                // One that is below 1024, as behind some routers.
                assertThat(machines.ask(machines.clients(), client, 777, MIDDLE.get(family), "443"))
                        .containsExactly(client + " 777 " + client + " 777");
            }
        }
    }

    /** Also one that makes its route no longer transparent; new connections are as the new routes say. */
    @Test
    void aConnectionGoesOnAcrossAReload() throws Exception {
        String script = """
            import os, socket, sys, time
            up, go = sys.argv[1:]
            connection = socket.create_connection(("192.0.2.1", 443), 20, ("192.0.2.7", 40012))
            connection.sendall(b"X")
            lines = connection.makefile("rb")
            print(lines.readline().decode().strip())
            open(up, "w").close()
            end = time.monotonic() + 30
            while not os.path.exists(go) and time.monotonic() < end:
                time.sleep(0.05)
            connection.sendall(bytes(100_000) + b"\\n")
            print(len(lines.readline()))
            """;
        serveOnLoopback();
        Path up = folder.resolve("up");
        Path go = folder.resolve("go");
        try (Portshare portshare = portshare(LOOPBACK)) {
            CompletableFuture<Command.Result> client = CompletableFuture.supplyAsync(
                    () -> machines.clients().run("timeout", "50", "python3", "-c", script, up + "", go + ""));
            await().atMost(Portshare.PATIENCE).until(() -> Files.exists(up));
            Files.writeString(folder.resolve("portshare.yaml"), LOOPBACK.replace(", source: transparent", ""));
            assertThat(portshare.reload()).contains("INFO reloaded");
            assertThat(machines.ask(machines.clients(), "192.0.2.7", 40013, "192.0.2.1", "443")
                            .getFirst())
                    .startsWith("192.0.2.7 40013 127.0.0.1 ");
            Files.createFile(go);
            // With the X in front, and the end of the line.
            assertThat(client.get().ok().out()).isEqualTo("192.0.2.7 40012\n100002\n");
        }
    }

    /** The port is the client's on both connections, but two from there to the same backend cannot be. */
    @Test
    void aPortThatIsTakenIsAnotherAndTheAddressStays() throws Exception {
        serveOnLoopback();
        try (Portshare _ = portshare(LOOPBACK)) {
            for (int family = 0; family < 2; family++) {
                String client = CLIENT.get(family);
                List<String> both = machines.ask(machines.clients(), client, 40002, MIDDLE.get(family), "443,8443");
                assertThat(both.getFirst()).isEqualTo(client + " 40002 " + client + " 40002");
                assertThat(both.getLast())
                        .startsWith(client + " 40002 " + client + " ")
                        .doesNotEndWith(" 40002");
            }
            // Whoever is on the same machine has the port itself.
            for (String own : List.of("127.0.0.1", "::1", MIDDLE.getFirst(), MIDDLE.getLast())) {
                assertThat(machines.ask(machines.middle(), own, 40003, own, "443")
                                .getFirst())
                        .startsWith(own + " 40003 " + own + " ")
                        .doesNotEndWith(" 40003");
            }
        }
    }

    @Test
    void oneThatIsTakenForOneBackendIsFreeForAnother() throws Exception {
        machines.leadLoopbackHere();
        machines.tellFrom(machines.middle(), "127.0.0.1", 80, 81);
        try (Portshare _ = portshare("""
            listen: [443, 8443]
            routes:
              - {name: a, when: {listener: ":443", from: 0.0.0.0/0}, to: "127.0.0.1:80", source: transparent}
              - {name: b, when: {from: 0.0.0.0/0}, to: "127.0.0.1:81", source: transparent}
            """)) {
            assertThat(machines.ask(machines.clients(), "192.0.2.7", 40004, "192.0.2.1", "443,8443"))
                    .containsOnly("192.0.2.7 40004 192.0.2.7 40004");
        }
    }

    @Test
    void aLinkLocalClientIsSeenOnLoopback() throws Exception {
        serveOnLoopback();
        String own = linkLocal(machines.clients());
        try (Portshare _ = portshare(LOOPBACK)) {
            assertThat(machines.ask(
                            machines.clients(), own + "%cable", 40005, linkLocal(machines.middle()) + "%cable", "443"))
                    .containsExactly(own + " 40005 " + own + " 40005");
        }
    }

    /** Once the kernel has found nobody else with it: it cannot be bound before. */
    private static String linkLocal(NetworkNamespace where) {
        return await().atMost(Portshare.PATIENCE)
                .until(
                        () -> where.run(
                                        "ip",
                                        "-6",
                                        "-o",
                                        "address",
                                        "show",
                                        "dev",
                                        "cable",
                                        "scope",
                                        "link",
                                        "-tentative")
                                .ok()
                                .out(),
                        shown -> shown.contains("inet6"))
                .replaceAll("(?s).*inet6 ([^/]+)/.*", "$1");
    }

    /** Whom a trusted proxy names, and who has no address at all. */
    @Test
    void theClientOfAProxyIsSeenAndOneWithoutAddressIsThisMachine() throws Exception {
        serveOnLoopback();
        Path socket = folder.resolve("in");
        try (Portshare portshare = portshare("""
            listen: [{address: 443, proxy-protocol: {from: 192.0.2.0/24}}, "unix:%s"]
            routes:
              - {name: web, when: {from: 0.0.0.0/0}, to: "127.0.0.1:80", source: transparent}
              - {name: unix, when: {listener: "unix:%1$s"}, to: "127.0.0.1:80", source: transparent}
            """.formatted(socket))) {
            String header = "PROXY TCP4 203.0.113.5 192.0.2.1 51234 443\\r\\n";
            assertThat(machines.ask(machines.clients(), "192.0.2.7", 40006, "192.0.2.1", "443", header))
                    .as("%s", portshare)
                    .containsExactly("192.0.2.7 40006 203.0.113.5 51234");
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                assertThat(channel.connect(UnixDomainSocketAddress.of(socket))).isTrue();
            }
            assertThat(machines.ask(machines.middle(), "-", 0, socket.toString(), "0")
                            .getFirst())
                    .startsWith("- - 127.0.0.1 ");
        }
    }

    /** At an address of this machine that others reach, and on another machine: with the nftables table. */
    @Needs("nft")
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aBackendElsewhereSeesTheClientAndWhoComesPastPortshareIsServedToo(int filter) throws Exception {
        for (String device : List.of("all", "lo", "cable", "far")) {
            machines.middle().sysctl("net.ipv4.conf." + device + ".rp_filter", filter);
        }
        loadTable();
        for (int family = 0; family < 2; family++) {
            machines.tellFrom(machines.middle(), MIDDLE.get(family), 80);
            machines.tellFrom(machines.far(), FAR.get(family), 80);
        }
        // For the answers of that port alone, where the machine has another way to everywhere.
        machines.far()
                .run("ip rule add pref 443 ipproto tcp sport 80 lookup 443".split(" "))
                .ok();
        machines.far()
                .run("ip route replace default via 198.51.100.1 table 443".split(" "))
                .ok();
        machines.far()
                .run("ip", "-6", "route", "replace", "default", "via", "2001:db8:2::1")
                .ok();
        try (Portshare _ = portshare("""
            listen: [443, 8443]
            routes:
              - {name: near4, when: {listener: ":443", from: 0.0.0.0/0}, to: "192.0.2.1:80", source: transparent}
              - {name: near6, when: {listener: ":443", from: "::/0"}, to: "[2001:db8:1::1]:80", source: transparent}
              - {name: far4, when: {from: 0.0.0.0/0}, to: "198.51.100.9:80", source: transparent}
              - {name: far6, to: "[2001:db8:2::9]:80", source: transparent}
            """)) {
            for (int family = 0; family < 2; family++) {
                String client = CLIENT.get(family);
                for (String port : List.of("443", "8443")) {
                    assertThat(machines.ask(machines.clients(), client, 40007, MIDDLE.get(family), port))
                            .containsExactly(client + " 40007 " + client + " 40007");
                }
                assertThat(machines.ask(machines.clients(), client, 40008, MIDDLE.get(family), "80"))
                        .containsExactly(client + " 40008 " + client + " 40008");
                // A client on this machine's loopback is, for another, this machine.
                String loopback = family == 0 ? "127.0.0.1" : "::1";
                assertThat(machines.ask(machines.middle(), loopback, 40009, loopback, "8443")
                                .getFirst())
                        .startsWith(loopback + " 40009 " + (family == 0 ? "198.51.100.1 " : "2001:db8:2::1 "));
            }
        }
    }

    private void loadTable() {
        String file = Portshare.HOME.resolve("share/portshare/transparent.nft").toString();
        // Again: it replaces itself.
        for (int i = 0; i < 2; i++) {
            machines.middle().run("nft", "-f", file).ok();
        }
        for (String family : List.of("-4", "-6")) {
            machines.middle()
                    .run("ip", family, "rule", "add", "pref", "443", "fwmark", "443", "lookup", "443")
                    .ok();
            machines.middle()
                    .run("ip", family, "route", "replace", "local", "default", "dev", "lo", "table", "443")
                    .ok();
        }
    }

    /** Of a name, only addresses of the client's family are tried; where it has none, the log says so. */
    @Test
    void aNameIsTheAddressOfTheClientsFamilyOrTheLogSaysWhyNot() throws Exception {
        serveOnLoopback();
        Path names =
                Files.createDirectories(Path.of("/etc/netns", machines.middle().name()));
        try {
            Files.writeString(names.resolve("hosts"), "127.0.0.1 both four\n::1 both\n");
            try (Portshare portshare = portshare("""
                listen: [443, 8443]
                routes:
                  - {name: both, when: {listener: ":443"}, to: "both:80", source: transparent}
                  - {name: four, to: "four:80", source: transparent}
                """)) {
                for (int family = 0; family < 2; family++) {
                    String client = CLIENT.get(family);
                    assertThat(machines.ask(machines.clients(), client, 40010, MIDDLE.get(family), "443"))
                            .containsExactly(client + " 40010 " + client + " 40010");
                    portshare.connection();
                }
                assertThat(machines.ask(machines.clients(), CLIENT.getLast(), 40011, MIDDLE.getLast(), "8443"))
                        .containsExactly(CLIENT.getLast() + " 40011 ");
                assertThat(portshare.connection().close()).isEqualTo("no-source");
            }
        } finally {
            Files.delete(names.resolve("hosts"));
            Files.delete(names);
        }
    }
}
