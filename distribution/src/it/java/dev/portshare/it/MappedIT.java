package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Script;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Sshd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that know nothing of portshare tell clients apart by the addresses that stand for them, and {@code who} names the clients. */
class MappedIT {
    private static final String MODE = "tls-crypt";
    private static final Pattern VPN_LOG =
            Pattern.compile("TCP connection established with \\[AF_INET\\]([0-9.]+):(\\d+)");
    private static final Pattern SSH_LOG = Pattern.compile("Connection from ([0-9.]+) port (\\d+) ");
    private static final Pattern WEB_LOG = Pattern.compile("(?m)^([0-9.]+) (\\d+)$");

    @TempDir
    private Path folder;

    private Path socket;

    private static final String ROUTES = """
        listen: ":0"
        admin: {socket: %s}
        routes:
          - {name: vpn, when: {protocol: openvpn}, to: "127.0.0.1:%d", source: mapped}
          - {name: ssh, when: {protocol: ssh}, to: "%s", source: mapped}
          - {name: web, to: "%s", source: mapped}
        """;

    @Test
    @Needs({"openvpn", "openssl", "tun", "sshd", "ssh-keygen", "nginx", "curl"})
    void serversSeeOneAddressOfAClientAndWhoNamesIt() throws Exception {
        socket = folder.resolve("admin.sock");
        Path accessLog = folder.resolve("access.log");
        Path status = folder.resolve("status");
        int vpnPort = Sockets.freePort();
        try (OpenVpn vpn = OpenVpn.create(folder.resolve("vpn"));
                Sshd sshd = new Sshd(folder);
                Nginx web = new Nginx(folder.resolve("web"), """
                    log_format addresses '$remote_addr $remote_port'; access_log %s addresses;
                    """.formatted(accessLog))) {
            vpn.server(MODE, vpnPort, status);
            Path file = Files.writeString(
                    folder.resolve("portshare.yaml"), ROUTES.formatted(socket, vpnPort, sshd.address(), web.alpha()));
            try (Portshare portshare = Portshare.configured(file, 1)) {
                Set<String> different = new HashSet<>();
                for (String client : List.of("127.0.0.2", "127.0.0.3", "::1")) {
                    different.add(check(client, portshare, vpn, vpnPort, status, sshd, web, accessLog));
                }
                assertThat(different).hasSize(3).allMatch(address -> address.startsWith("127."));
                assertThat(portshare.reload()).contains("reloaded");
                assertThat(check("127.0.0.3", portshare, vpn, vpnPort, status, sshd, web, accessLog))
                        .isIn(different);
            }
        }
    }

    /** What all three see of {@code client}. */
    private String check(
            String client,
            Portshare portshare,
            OpenVpn vpn,
            int vpnPort,
            Path status,
            Sshd sshd,
            Nginx web,
            Path accessLog)
            throws Exception {
        int vpnBefore = matches(VPN_LOG, vpn.serverLog(MODE, vpnPort)).size();
        int sshBefore = matches(SSH_LOG, sshd.log()).size();
        int webBefore = Files.exists(accessLog)
                ? matches(WEB_LOG, Files.readString(accessLog)).size()
                : 0;
        boolean isIpv6 = client.contains(":");
        vpn.clientFrom(client, MODE, portshare.port());
        MatchResult vpnSees = next(VPN_LOG, vpnBefore, () -> vpn.serverLog(MODE, vpnPort));
        String address = vpnSees.group(1);
        String exact = address + ":" + vpnSees.group(2);
        await().atMost(Portshare.PATIENCE)
                .until(() -> Files.exists(status) && Files.readString(status).contains("," + exact + ","));
        assertThat(who(exact)).contains("\"src\":\"" + client + "\"", "\"matching\":1,");
        String start = "\"src\":\"" + (isIpv6 ? "[" + client + "]" : client) + ":";
        assertThat(who(exact)).contains(start).contains("\"route\":\"vpn\"");
        try (Socket ssh = ssh(client, portshare.port())) {
            MatchResult sshSees = next(SSH_LOG, sshBefore, sshd::log);
            assertThat(sshSees.group(1)).isEqualTo(address);
            assertThat(who(address + ":" + sshSees.group(2)))
                    .contains(start + ssh.getLocalPort() + "\"")
                    .contains("\"route\":\"ssh\"", "\"matching\":1,");
            // Both of its connections, and from its own address as well.
            assertThat(who(address)).contains("\"matching\":2,");
            assertThat(who((isIpv6 ? "[" + client + "]" : client) + ":" + ssh.getLocalPort()))
                    .contains("\"seen\":\"" + address + ":" + sshSees.group(2) + "\"");
        }
        assertThat(portshare.connection().get("as")).isEqualTo(address);
        web.curl(isIpv6 ? "::1" : "127.0.0.1", portshare.port(), Nginx.ALPHA, "/who", "--interface", client)
                .run()
                .ok();
        MatchResult webSees = next(WEB_LOG, webBefore, () -> Files.readString(accessLog));
        assertThat(webSees.group(1)).isEqualTo(address);
        assertThat(portshare.connection().get("as")).isEqualTo(address);
        vpn.stopClient(MODE, portshare.port());
        assertThat(portshare.connection().get("as")).isEqualTo(address);
        // Nothing lives any more: it is remembered.
        assertThat(who(address))
                .contains("\"src\":\"" + client + "\"", "\"matching\":0,")
                .containsPattern("\"remembered_seconds\":7\\d\\d\\d\\}");
        Command.Result text = Portshare.run("who", webSees.group(1), "--admin", socket.toString())
                .ok();
        assertThat(text.out()).startsWith(address + " stands for " + client + ", for another 1 h 59 min");
        return address;
    }

    /** In a pool that is nearly full, where the order of arrival decides, and others come first after the restart. */
    @Test
    @Needs({"python3", "sshd", "ssh-keygen"})
    void aRestartThatHandsConnectionsOnKeepsTheirAddresses() throws Exception {
        socket = folder.resolve("admin.sock");
        int port = Sockets.freePort();
        List<String> clients = List.of("127.0.0.2", "127.0.0.3", "::1", "127.0.0.4");
        try (Sshd sshd = new Sshd(folder)) {
            Path file =
                    Files.writeString(folder.resolve("portshare.yaml"), """
                        listen: ":%d"
                        admin: {socket: %s}
                        at-restart: hand-on
                        mapped: {pool: 127.70.0.0/29}
                        routes: [{name: ssh, to: "%s", source: mapped}]
                        """.formatted(port, socket, sshd.address()));
            try (Script manager = new Script(
                    "service-manager.py",
                    folder.resolve("notify").toString(),
                    Portshare.PROGRAM.toString(),
                    "run",
                    "--config",
                    file.toString())) {
                manager.line("listening on");
                List<Socket> sockets = new ArrayList<>();
                try {
                    List<String> seen = new ArrayList<>();
                    for (String client : clients) {
                        sockets.add(ssh(client, port));
                        MatchResult sees = next(SSH_LOG, seen.size(), sshd::log);
                        seen.add(sees.group(1) + ":" + sees.group(2));
                    }
                    manager.say("restart");
                    manager.line("took over " + clients.size() + " connection(s)");
                    manager.line("listening on", 2);
                    for (int i = clients.size() - 1; i >= 0; i--) {
                        String client = clients.get(i);
                        String address = seen.get(i).replaceFirst(":.*", "");
                        sockets.add(ssh(client, port));
                        MatchResult sees = next(SSH_LOG, sockets.size() - 1, sshd::log);
                        assertThat(sees.group(1)).as(client).isEqualTo(address);
                        assertThat(who(seen.get(i)))
                                .contains("{\"src\":\"" + client + "\",\"as\":\"" + address + "\",\"connections\":2,")
                                .contains("\"matching\":1,")
                                .contains(":" + sockets.get(i).getLocalPort() + "\"");
                    }
                } finally {
                    for (Socket each : sockets) {
                        each.close();
                    }
                }
                assertThat(manager.lines()).noneMatch(line -> line.contains(" ERROR "));
            }
        }
    }

    /** A client of SSH that has said its first line and heard the server's. */
    private static Socket ssh(String client, int port) throws IOException {
        Socket ssh = new Socket();
        ssh.setSoTimeout((int) Portshare.PATIENCE.toMillis());
        ssh.bind(new InetSocketAddress(client, 0));
        ssh.connect(new InetSocketAddress(client.contains(":") ? "::1" : "127.0.0.1", port));
        ssh.getOutputStream().write("SSH-2.0-somebody\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(ssh.getInputStream().readNBytes(8), StandardCharsets.US_ASCII))
                .isEqualTo("SSH-2.0-");
        return ssh;
    }

    private String who(String address) {
        return Portshare.run("who", address, "--json", "--admin", socket.toString())
                .ok()
                .out();
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    /** The first match behind {@code before} others. */
    private static MatchResult next(Pattern pattern, int before, Callable<String> log) throws Exception {
        await().atMost(Portshare.PATIENCE)
                .until(() -> matches(pattern, log.call()).size() > before);
        return matches(pattern, log.call()).get(before);
    }

    @Test
    void whoSaysWhatIsNoAddressAndWhomNobodyKnows() throws Exception {
        socket = folder.resolve("admin.sock");
        try (Portshare _ =
                Portshare.routing("admin: {socket: %s}\nroutes: [{name: web, to: reject}]".formatted(socket))) {
            Command.Result nobody = Portshare.run("who", "192.0.2.1:5", "--admin", socket.toString());
            assertThat(nobody.exit()).isEqualTo(1);
            assertThat(nobody.err()).contains("192.0.2.1:5 is nobody's");
            Command.Result json = Portshare.run("who", "192.0.2.1:5", "--json", "--admin", socket.toString());
            assertThat(json.exit()).isEqualTo(1);
            assertThat(json.out()).contains("\"mapped\":null");
            Command.Result wrong = Portshare.run("who", "example.org", "--admin", socket.toString());
            assertThat(wrong.exit()).isEqualTo(2);
            assertThat(wrong.err()).contains("\"example.org\" is no IP address; write one such as");
        }
    }

    /** A pool that is not on loopback needs a line of ip(8), which the error says. */
    @Test
    @Needs("netns")
    void aPoolThatIsNotOfThisMachineIsAnErrorWithItsRemedy() throws IOException {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 127.0.0.1:0
            mapped: {pool: 10.64.0.0/16}
            routes: [{name: web, to: "127.0.0.1:1", source: mapped}]
            """);
        try (NetworkNamespace machine = new NetworkNamespace()) {
            List<String> words = Portshare.words(machine.prefix(), List.of("run", "--config", file.toString()));
            Command.Result refused = Command.of(words).run();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("cannot connect from 10.64.0.1");
            String remedy = Pattern.compile("ip route add \\S+ \\S+ dev lo")
                    .matcher(refused.err())
                    .results()
                    .map(MatchResult::group)
                    .findFirst()
                    .orElseThrow();
            machine.run(remedy.split(" ")).ok();
            try (Portshare portshare = Portshare.under(machine.prefix(), "--config", file.toString())) {
                assertThat(portshare.isAlive()).isTrue();
            }
        }
    }
}
