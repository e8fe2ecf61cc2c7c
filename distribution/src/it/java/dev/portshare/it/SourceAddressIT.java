package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Crowd;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many connections one backend can have depends on how many addresses they come from: here each has 20 ports. */
class SourceAddressIT {
    private static final int PORTS = 20;
    private static final String ONE = "listen: 127.0.0.1:443\nroutes: [{name: web, to: \"%s\"%s}]\n";

    @TempDir
    private Path folder;

    private static NetworkNamespace narrow() {
        NetworkNamespace namespace = new NetworkNamespace();
        namespace
                .run("bash", "-c", "echo '40000 " + (40000 + PORTS - 1) + "' > /proc/sys/net/ipv4/ip_local_port_range")
                .ok();
        return namespace;
    }

    private Portshare start(NetworkNamespace namespace, String yaml) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "routes", ".yaml"), yaml);
        return Portshare.under(namespace.prefix(), "--config", file.toString());
    }

    private static long turnedAway(Portshare portshare) {
        return portshare.log().stream()
                .filter(line -> line.contains("close=no-ports"))
                .count();
    }

    private void assertServes(NetworkNamespace namespace, String backend, String source, int served, List<String> from)
            throws Exception {
        try (Portshare portshare = start(namespace, ONE.formatted(backend, source))) {
            Crowd crowd = Crowd.of(namespace, 443, served + 9, "", backend);
            assertThat(crowd.served()).isEqualTo(served);
            assertThat(crowd.ports()).isEqualTo(served);
            assertThat(crowd.addresses()).containsExactlyElementsOf(from);
            await().atMost(Portshare.PATIENCE).until(() -> turnedAway(portshare) == 9);
            assertThat(portshare.line("no port is free"))
                    .contains(" WARN ", "route web", backend, "source: ", "net.ipv4.ip_local_port_range");
            assertThat(portshare.log().stream().filter(line -> line.contains("no port is free")))
                    .as("once a minute")
                    .hasSize(1);
        }
    }

    @Test
    @Needs({"netns", "python3"})
    void oneAddressHasSoManyConnectionsAsPortsAndEightHaveEightTimesAsMany() throws Exception {
        try (NetworkNamespace namespace = narrow()) {
            assertServes(namespace, "127.0.0.1:5001", "", PORTS, List.of("127.0.0.1"));
            assertServes(
                    namespace,
                    "127.0.0.1:5002",
                    ", source: 127.0.1.0/29",
                    8 * PORTS,
                    IntStream.range(0, 8).mapToObj(i -> "127.0.1." + i).toList());
        }
    }

    @Test
    @Needs({"netns", "python3"})
    void soItIsOverIpv6() throws Exception {
        try (NetworkNamespace namespace = narrow()) {
            namespace.address("fd00::1/128");
            List<String> addresses = IntStream.range(0x10, 0x18)
                    .mapToObj(i -> "fd00::" + Integer.toHexString(i))
                    .toList();
            addresses.forEach(address -> namespace.address(address + "/128"));
            assertServes(namespace, "[::1]:5001", "", PORTS, List.of("::1"));
            assertServes(namespace, "[fd00::1]:5002", ", source: \"fd00::10-fd00::17\"", 8 * PORTS, addresses);
        }
    }

    /** A port that the kernel does not choose before it knows the backend may be one that goes to another. */
    @Test
    @Needs({"netns", "python3"})
    void twoBackendsHaveTheSamePortsAtOnce() throws Exception {
        try (NetworkNamespace namespace = narrow();
                Portshare _ = start(namespace, """
                    listen: 127.0.0.1:443
                    routes:
                      - {name: ssh, when: {protocol: ssh}, to: 127.0.0.1:5002, source: 127.0.1.1}
                      - {name: web, to: 127.0.0.1:5001, source: 127.0.1.1}
                    """)) {
            Crowd crowd = Crowd.of(namespace, 443, 2 * PORTS, "", "127.0.0.1:5001", "127.0.0.1:5002");
            assertThat(crowd.served()).isEqualTo(2 * PORTS);
            assertThat(crowd.ports()).isEqualTo(PORTS);
        }
    }

    @Test
    @Needs({"netns", "python3"})
    void anAddressThatIsRemovedLaterIsPassedOver() throws Exception {
        try (NetworkNamespace namespace = narrow()) {
            namespace.address("10.0.0.7/32");
            namespace.address("10.0.0.8/32");
            try (Portshare portshare =
                    start(namespace, ONE.formatted("127.0.0.1:5001", ", source: 10.0.0.7-10.0.0.8"))) {
                namespace
                        .run("ip", "address", "del", "10.0.0.8/32", "dev", "lo")
                        .ok();
                Crowd crowd = Crowd.of(namespace, 443, PORTS, "", "127.0.0.1:5001");
                assertThat(crowd.served()).isEqualTo(PORTS);
                assertThat(crowd.addresses()).containsExactly("10.0.0.7");
                assertThat(portshare.line("ip address add 10.0.0.8/32")).contains(" WARN ");
            }
        }
    }

    @Test
    void anAddressOfAnotherMachineIsAnErrorAtTheStartAndAtAReload() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.yaml"),
                ONE.formatted("127.0.0.1:1", ", source: 192.0.2.77").replace(":443", ":0"));
        Command.Result result = Portshare.run("--config", file.toString());
        assertThat(result.exit()).isNotZero();
        assertThat(result.err())
                .contains("route web", "192.0.2.77 is no address of this machine", "ip address add 192.0.2.77/32");

        Files.writeString(file, ONE.formatted("127.0.0.1:1", "").replace(":443", ":0"));
        try (Portshare portshare = Portshare.configured(file, 1)) {
            Files.writeString(
                    file,
                    ONE.formatted("127.0.0.1:1", ", source: 192.0.2.76-192.0.2.77")
                            .replace(":443", ":0"));
            assertThat(portshare.reload()).contains("reload refused");
            portshare.line("192.0.2.76 is no address of this machine");
        }
    }

    /** The kernel says the same where it has no address, and where it has no port. */
    @Test
    @Needs({"netns", "python3"})
    void wantOfAnIpv6AddressIsNotWantOfPorts() throws Exception {
        try (NetworkNamespace namespace = narrow()) {
            namespace.sysctl("net.ipv6.conf.all.disable_ipv6", 1);
            try (Portshare portshare = start(namespace, ONE.formatted("[::1]:5001", ""))) {
                assertThat(Crowd.of(namespace, 443, 1, "").served()).isZero();
                assertThat(portshare.connection().close()).isEqualTo("backend-unreachable");
                assertThat(portshare.logged("no port is free")).isFalse();
            }
        }
    }

    @Test
    @Needs({"nginx", "openssl", "curl"})
    void nginxSeesClientsComeFromThere() throws Exception {
        List<String> seen = new ArrayList<>();
        try (Nginx nginx = new Nginx(folder.resolve("nginx"), "add_header Peer $remote_addr;");
                Portshare portshare = Portshare.routing(
                        "routes: [{name: web, to: \"" + nginx.alpha() + "\", source: 127.0.7.1-127.0.7.2}]")) {
            for (int i = 0; i < 2; i++) {
                nginx.curl("127.0.0.1", portshare.port(), Nginx.ALPHA, "/who", "--include")
                        .run()
                        .ok()
                        .out()
                        .lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("peer:"))
                        .forEach(line -> seen.add(line.substring(5).strip()));
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("127.0.7.1", "127.0.7.2");
    }
}
