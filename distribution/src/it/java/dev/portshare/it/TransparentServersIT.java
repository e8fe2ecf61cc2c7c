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
import dev.portshare.it.harness.Repository;
import dev.portshare.it.harness.ThreeMachines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real servers behind transparent routes log their clients' own addresses and ports; and what {@code portshare doctor} prescribes for a
 * machine that lacks the way back is all that it takes.
 */
@Needs({"netns", "python3", "openvpn", "openssl", "nginx", "sshd", "ssh", "ssh-keygen", "curl", "nft"})
class TransparentServersIT {
    private static final Path TEST_BED = Repository.MODULE.resolve("src/it/testbed/openvpn");
    /** A line of a remedy, in the JSON of doctor. */
    private static final Pattern PRESCRIBED = Pattern.compile("(?:on ([0-9a-f.:]+): )?((?:ip|nft) .*)");

    private static final String ROUTES = """
        listen: 443
        routes:
          - {name: vpn4, when: {protocol: openvpn, from: 0.0.0.0/0}, to: "127.0.0.1:1194", source: transparent}
          - {name: vpn6, when: {protocol: openvpn}, to: "[::1]:1194", source: transparent}
          - {name: ssh4, when: {protocol: ssh, from: 0.0.0.0/0}, to: "127.0.0.1:22", source: transparent}
          - {name: ssh6, when: {protocol: ssh}, to: "[::1]:22", source: transparent}
          - {name: far4, when: {host: far.test, from: 0.0.0.0/0}, to: "198.51.100.9:80", source: transparent}
          - {name: far6, when: {host: far.test}, to: "[2001:db8:2::9]:80", source: transparent}
          - {name: web4, when: {from: 0.0.0.0/0}, to: "127.0.0.1:80", source: transparent}
          - {name: web6, to: "[::1]:80", source: transparent}
        """;

    @TempDir
    private Path folder;

    private Path routes;
    private ThreeMachines machines;

    @BeforeEach
    void connect() throws IOException {
        machines = new ThreeMachines(folder);
        routes = Files.writeString(folder.resolve("portshare.yaml"), ROUTES);
    }

    @AfterEach
    void close() {
        // Whatever of it was started.
        testBed(machines.middle(), "stop");
        machines.close();
    }

    private List<String> examine() {
        return Command.of(Portshare.words(
                        machines.middle().prefix(), List.of("doctor", "--json", "--config", routes.toString())))
                .run()
                .out()
                .lines()
                // Not what it finds of the portshares of other tests.
                .filter(line -> line.contains("\"check\": \"transparent\"") && line.contains(" answers "))
                .toList();
    }

    /** Does what the findings prescribe, on each machine. */
    private List<String> follow(List<String> findings) {
        List<String> lines = new ArrayList<>();
        for (String finding : findings) {
            String remedy = finding.replaceAll(".*\"remedy\": \"(.*)\"}", "$1");
            for (String line : remedy.split("\\\\u000a")) {
                Matcher prescribed = PRESCRIBED.matcher(line);
                if (prescribed.matches()) {
                    lines.add(line);
                    NetworkNamespace where = prescribed.group(1) == null ? machines.middle() : machines.far();
                    where.run(prescribed.group(2).split(" ")).ok();
                }
            }
        }
        return lines;
    }

    @Test
    void serversLogTheirClientsOnceWhatTheDoctorPrescribesIsDone() throws Exception {
        List<String> findings = examine();
        assertThat(findings).hasSize(2);
        assertThat(findings.getFirst()).contains("what 127.0.0.1 and ::1 answers");
        assertThat(findings.getLast()).contains("what 198.51.100.9 and 2001:db8:2::9 answers");
        assertThat(follow(findings))
                .contains(
                        "ip -4 rule add pref 443 from 127.0.0.0/8 iif lo lookup 443",
                        "ip -6 rule add pref 443 fwmark 443 lookup 443",
                        "on 198.51.100.9: ip -4 route replace default via 198.51.100.1",
                        "on 2001:db8:2::9: ip -6 route replace default via 2001:db8:2::1");
        assertThat(examine()).isEmpty();

        startServers();
        try (Portshare portshare = Portshare.under(machines.middle().prefix(), "--config", routes.toString())) {
            for (int family = 0; family < 2; family++) {
                web(family, "near.test", "web.log");
                web(family, "far.test", "far.log");
                ssh(family);
                vpn(portshare, family);
            }
        }
    }

    /** One rule that is there already, and WireGuard's setting: only what lacks is prescribed. */
    @Test
    void theDoctorTellsWhatIsThereAndWhatTheKernelsSettingTakes() {
        machines.middle()
                .run("ip", "rule", "add", "pref", "100", "from", "127.0.0.0/8", "iif", "lo", "lookup", "77")
                .ok();
        List<String> findings = examine();
        assertThat(findings.getFirst())
                .contains(
                        "there already: ip -4 rule add pref 443 from 127.0.0.0/8 iif lo lookup 77",
                        "\"remedy\": \"ip -4 route replace local default dev lo table 77\\u000aip -6 rule add");
        follow(findings);
        assertThat(examine()).isEmpty();
        machines.middle().sysctl("net.ipv4.conf.all.src_valid_mark", 1);
        List<String> more = examine();
        assertThat(more).hasSize(1);
        assertThat(follow(more)).containsExactly("ip rule add pref 442 to 198.51.100.9 iif lo lookup main");
        assertThat(examine()).isEmpty();
        // With it, clients get through; the other test is without.
        assertGetsThrough();
    }

    private void assertGetsThrough() {
        try {
            machines.tellFrom(machines.far(), FAR.getFirst(), 80);
            String only = """
                listen: 443
                routes: [{when: {from: 0.0.0.0/0}, to: "198.51.100.9:80", source: transparent}]
                """;
            try (Portshare _ = Portshare.under(
                    machines.middle().prefix(),
                    "--config",
                    Files.writeString(routes, only).toString())) {
                assertThat(machines.ask(machines.clients(), "192.0.2.7", 40001, "192.0.2.1", "443"))
                        .containsExactly("192.0.2.7 40001 192.0.2.7 40001");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void startServers() throws Exception {
        testBed(machines.middle(), "gen").ok();
        for (String address : List.of("127.0.0.1", "::1")) {
            List<String> words = new ArrayList<>(machines.middle().prefix());
            words.addAll(List.of("env", "BIND=" + address, "bash", TEST_BED.toString(), "server", folder + "/vpn"));
            // Two of the same port need two names: those of their modes.
            words.addAll(List.of(address.contains(":") ? "tls-crypt" : "plain", "1194", "--"));
            words.addAll(List.of(
                    "--status", folder.resolve("status" + families(address)).toString(), "1"));
            Command.of(words).run().ok();
        }
        nginx(machines.middle(), "web", "127.0.0.1:80", "[::1]:80");
        nginx(machines.far(), "far", "198.51.100.9:80", "[2001:db8:2::9]:80");
        sshd();
    }

    private static int families(String address) {
        return address.contains(":") ? 6 : 4;
    }

    private Command.Result testBed(NetworkNamespace where, String command, String... more) {
        List<String> words = new ArrayList<>(List.of("bash", TEST_BED.toString(), command, folder + "/vpn"));
        words.addAll(List.of(more));
        return where.run(words.toArray(String[]::new));
    }

    private void nginx(NetworkNamespace where, String name, String first, String second) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(home.resolve("www"));
        // Its worker is another user, or root where the folder is only root's.
        Files.writeString(home.resolve("nginx.conf"), """
            user root;
            daemon off;
            pid %1$s/nginx.pid;
            events {}
            http {
              log_format seen '$remote_addr $remote_port $request_method';
              access_log %1$s.log seen;
              client_max_body_size 0;
              client_body_temp_path %1$s/body;
              server {
                listen %2$s;
                listen %3$s;
                root %1$s/www;
                dav_methods PUT;
              }
            }
            """.formatted(home, first, second));
        machines.start(where, List.of("nginx", "-p", home.toString(), "-c", home + "/nginx.conf", "-e", home + ".err"));
        await().atMost(Portshare.PATIENCE)
                .until(() -> where.run("bash", "-c", "exec 3<>/dev/tcp/" + first.replace(":", "/"))
                                .exit()
                        == 0);
    }

    private void sshd() throws Exception {
        Command.of("mkdir", "-p", "/run/sshd").run().ok();
        for (String key : List.of("host", "user")) {
            Command.of(
                            "ssh-keygen",
                            "-q",
                            "-t",
                            "ed25519",
                            "-N",
                            "",
                            "-f",
                            folder.resolve(key).toString())
                    .run()
                    .ok();
        }
        Files.writeString(folder.resolve("sshd.conf"), """
            ListenAddress 127.0.0.1:22
            ListenAddress [::1]:22
            HostKey %1$s/host
            AuthorizedKeysFile %1$s/user.pub
            PermitRootLogin yes
            StrictModes no
            UsePAM no
            PidFile none
            LogLevel VERBOSE
            """.formatted(folder));
        machines.start(
                machines.middle(),
                List.of("/usr/sbin/sshd", "-D", "-f", folder + "/sshd.conf", "-E", folder + "/sshd.log"));
        await().atMost(Portshare.PATIENCE)
                .until(() -> machines.middle()
                                .run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/22")
                                .exit()
                        == 0);
    }

    /** A megabyte up and down, from a port of the client's choice, which nginx logs. */
    private void web(int family, String host, String log) throws Exception {
        Path file = Files.write(folder.resolve("upload"), new byte[1 << 20]);
        String port = host.startsWith("far") ? "41001" : "41002";
        String url = "http://" + host + "/" + family;
        String address = MIDDLE.get(family);
        machines.clients()
                .run(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--fail",
                        "--max-time",
                        "40",
                        "--interface",
                        CLIENT.get(family),
                        "--local-port",
                        port,
                        "--connect-to",
                        "::" + (family == 0 ? address : "[" + address + "]") + ":443",
                        "--upload-file",
                        file.toString(),
                        url,
                        "--next",
                        "--silent",
                        "--fail",
                        "--connect-to",
                        "::" + (family == 0 ? address : "[" + address + "]") + ":443",
                        "--output",
                        folder.resolve("download").toString(),
                        url)
                .ok();
        assertThat(folder.resolve("download")).hasBinaryContent(new byte[1 << 20]);
        await().atMost(Portshare.PATIENCE)
                .untilAsserted(() -> assertThat(Files.readAllLines(folder.resolve(log)))
                        .contains(CLIENT.get(family) + " " + port + " PUT", CLIENT.get(family) + " " + port + " GET"));
    }

    /** A login, and a megabyte there and back. */
    private void ssh(int family) throws Exception {
        Files.setPosixFilePermissions(folder.resolve("user"), PosixFilePermissions.fromString("rw-------"));
        String script = "set -o pipefail; head -c 1048576 /dev/zero | ssh -4%s -p 443 -b %s -i %s -o BatchMode=yes -o"
            + " IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -F none root@%s 'cat;"
            + " echo $SSH_CLIENT' | tail -c 100 | tr -d '\\0'";
        String seen = machines.clients()
                .run(
                        "bash",
                        "-c",
                        script.formatted("", CLIENT.get(family), folder.resolve("user"), MIDDLE.get(family))
                                .replace("-4", family == 0 ? "-4" : "-6"))
                .ok()
                .out()
                .strip();
        assertThat(seen).matches(Pattern.quote(CLIENT.get(family)) + " \\d+ 22");
        String port = seen.split(" ")[1];
        assertThat(folder.resolve("sshd.log"))
                .content()
                .contains("Accepted publickey for root from " + CLIENT.get(family) + " port " + port);
    }

    private void vpn(Portshare portshare, int family) throws Exception {
        String mode = family == 0 ? "plain" : "tls-crypt";
        Command.of(List.of(
                        "ip",
                        "netns",
                        "exec",
                        machines.clients().name(),
                        "env",
                        "REMOTE=" + MIDDLE.get(family),
                        "bash",
                        TEST_BED.toString(),
                        "client",
                        folder + "/vpn",
                        mode,
                        "443"))
                .run()
                .ok();
        String client = Pattern.quote((family == 0 ? "[AF_INET]" : "[AF_INET6]") + CLIENT.get(family)) + ":(\\d+)";
        Path log = folder.resolve("vpn/run/server-" + mode + "-1194.log");
        Matcher logged =
                Pattern.compile("TCP connection established with " + client).matcher(Files.readString(log));
        assertThat(logged.find()).as(Files.readString(log)).isTrue();
        String port = logged.group(1);
        Path status = folder.resolve("status" + (family == 0 ? 4 : 6));
        await().atMost(Portshare.PATIENCE)
                .untilAsserted(() -> assertThat(status)
                        .content()
                        // Of IPv6, it leaves the port out.
                        .contains("TEST ONLY client," + CLIENT.get(family) + (family == 0 ? ":" + port : "") + ","));
        testBed(machines.clients(), "stop", "client-" + mode + "-443");
        // portshare's own line names the client's port.
        portshare.line("src=" + (family == 0 ? "192.0.2.7" : "[2001:db8:1::7]") + ":" + port);
    }
}
