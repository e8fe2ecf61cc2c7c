package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.ConnectionRate;
import dev.portshare.it.harness.DebianMachine;
import dev.portshare.it.harness.DebianPackage;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package in a real Debian, with the real systemd, OpenVPN and nginx, set up as the man page says. */
@Tag("systemd")
@Needs({"root", "tun", "debootstrap", "systemd-nspawn", "nsenter"})
class InstalledIT {
    private static final String SERVICE = "portshare.service";
    private static final String ROUTES = "/etc/portshare/portshare.yaml";
    private static final String INIT_SCRIPT = "/etc/init.d/portshare";
    private static final String JAIL = "/etc/fail2ban/jail.d/portshare.local";
    /** Of curl, where nobody answers. */
    private static final int CONNECT_TIMEOUT = 28;

    private static final String KEY = "/etc/openvpn/keys/ta.key";
    private static final String STATE = "/var/lib/portshare";
    private static final String DROP_IN = "/etc/systemd/system/portshare.service.d/test.conf";

    @TempDir
    private static Path folder;

    private static DebianMachine machine;
    private static DebianPackage deb;

    @BeforeAll
    static void boot() throws IOException {
        machine = DebianMachine.boot();
        Path settings = Repository.MODULE.resolve("src/it/resources/debian");
        machine.copy(settings.resolve("server.conf"), "/etc/openvpn/server/server.conf");
        machine.copy(settings.resolve("client.conf"), "/root/client.conf");
        machine.copy(settings.resolve("first-packet.py"), "/root/first-packet.py");
        machine.copy(settings.resolve("site.conf"), "/etc/nginx/sites-enabled/site.conf");
        try (OpenVpn _ = OpenVpn.create(folder.resolve("keys"));
                Stream<Path> keys = Files.list(folder.resolve("keys"))) {
            for (Path key : keys.filter(Files::isRegularFile).toList()) {
                machine.copy(key, "/etc/openvpn/keys/" + key.getFileName());
            }
        }
        machine.ok("systemctl", "restart", "openvpn-server@server", "nginx");
        deb = DebianPackage.built();
        machine.copy(deb.file(), "/root/portshare.deb");
        machine.copy(deb.withVersion("99", folder).file(), "/root/next.deb");
    }

    @AfterAll
    static void halt() {
        if (machine != null) {
            machine.close();
        }
    }

    @BeforeEach
    void install() {
        machine.ok("dpkg", "--install", "/root/portshare.deb");
    }

    @AfterEach
    void purge() {
        machine.run("pkill", "--full", "/root/client.conf");
        machine.ok("dpkg", "--purge", "portshare");
        machine.ok("rm", "-rf", DROP_IN.replaceFirst("/[^/]*$", ""));
        machine.run("systemctl", "reset-failed");
    }

    @Test
    void installingStartsNothingAndBringsAllThatIsNeeded() {
        assertThat(machine.run("systemctl", "is-active", "portshare.service", "portshare.socket")
                        .out()
                        .lines())
                .containsOnly("inactive");
        assertThat(machine.run("systemctl", "is-enabled", "portshare.service", "portshare.socket")
                        .out()
                        .lines())
                .containsOnly("disabled");
        assertThat(machine.ok("getent", "passwd", "portshare")).contains("nologin");
        machine.ok("portshare", "check", ROUTES);
        // Its cache fits: with "on", Java does not start without.
        machine.ok("env", "PORTSHARE_JAVA_OPTS=-XX:AOTMode=on", "portshare", "--version");
    }

    @Test
    void openVpnAndTheWebsiteShareThePort() {
        machine.ok("systemctl", "enable", "--now", "portshare");
        for (String address : DebianMachine.ADDRESSES) {
            assertThat(website(address)).isEqualTo("the website");
        }
        connectTunnel();
        assertThat(throughTheTunnel()).contains("Welcome to nginx");
        machine.run("pkill", "--full", "/root/client.conf");
        await().atMost(Portshare.PATIENCE).until(() -> machine.journal(SERVICE).contains("proto=openvpn"));
        assertThat(machine.journal(SERVICE))
                .contains("src=10.99.0.2:", "src=[fd99::2]:", "proto=tls", "route=web", "route=vpn");
    }

    @Test
    void whatEndsTheProgramDoesNotEndTheService() {
        machine.ok("systemctl", "start", "portshare");
        String pid = machine.property(SERVICE, "MainPID");
        machine.ok("kill", "-KILL", pid);
        awaitAnother(pid);
        assertThat(website("10.99.0.1")).isEqualTo("the website");
    }

    @Test
    void aStuckProgramIsStartedAnew() throws IOException {
        machine.write(DROP_IN, "[Service]\nWatchdogSec=2s\nTimeoutAbortSec=2s\n");
        machine.ok("systemctl", "daemon-reload");
        machine.ok("systemctl", "start", "portshare");
        String pid = machine.property(SERVICE, "MainPID");
        machine.ok("kill", "-STOP", pid);
        awaitAnother(pid);
        assertThat(machine.journal(SERVICE)).contains("Watchdog timeout");
        assertThat(website("10.99.0.1")).isEqualTo("the website");
    }

    @Test
    void aReloadReturnsWhenTheRoutesAreInForceAndFailsWhenTheyAreWrong() throws IOException {
        machine.ok("systemctl", "start", "portshare");
        String pid = machine.property(SERVICE, "MainPID");
        routes("to: 127.0.0.1:8443", "to: reject");
        machine.ok("systemctl", "reload", "portshare");
        assertThat(rejected("10.99.0.1")).isTrue();

        routes("to: reject", "two: reject");
        assertThat(machine.run("systemctl", "reload", "portshare").exit()).isNotZero();
        assertThat(machine.journal(SERVICE)).contains("two: unknown key; did you mean \"to\"?");
        assertThat(rejected("10.99.0.1")).isTrue();

        routes("two: reject", "to: 127.0.0.1:8443");
        machine.ok("systemctl", "reload", "portshare");
        assertThat(website("10.99.0.1")).isEqualTo("the website");
        assertThat(machine.property(SERVICE, "MainPID")).isEqualTo(pid);
        assertThat(machine.property(SERVICE, "StatusText")).startsWith("serving: ");
    }

    @Test
    void anUpgradeRestartsWhatRunsAndKeepsTheRoutes() throws IOException {
        routes("at-restart: hand-on", "timeouts: {drain: 1s}");
        machine.ok("systemctl", "enable", "--now", "portshare");
        connectTunnel();
        String pid = machine.property(SERVICE, "MainPID");
        upgrade();
        assertThat(machine.property(SERVICE, "MainPID")).isNotEqualTo(pid).isNotEqualTo("0");
        assertThat(machine.ok("systemctl", "is-enabled", "portshare.service")).isEqualTo("enabled");
        assertThat(Files.readString(machine.file(ROUTES))).contains("drain: 1s");
        // The client connects again by itself.
        await().atMost(Portshare.PATIENCE).until(() -> throughTheTunnel().contains("Welcome to nginx"));
    }

    @Test
    void tunnelsAndDownloadsLiveThroughARestartAndAnUpgrade() throws Exception {
        routes("listen: 443", "listen: systemd:https");
        routes("    to: 127.0.0.1:8443", "    to: 127.0.0.1:8443\n    journal: /run/portshare/journal");
        machine.ok("dd", "if=/dev/urandom", "of=/var/www/html/large", "bs=1M", "count=24", "status=none");
        machine.ok("systemctl", "enable", "--now", "portshare.socket", "portshare.service");
        connectTunnel();
        // Takes a megabyte, and the rest when it may.
        String slowly = "{ head --bytes=1000000; until [ -e /root/go ]; do sleep 0.1; done; cat; }";
        String script = "set -o pipefail; curl -ksS https://10.99.0.1/large | " + slowly + " | sha256sum";
        CompletableFuture<String> download = CompletableFuture.supplyAsync(
                () -> machine.client("bash", "-c", script).ok().out());
        await().atMost(Portshare.PATIENCE)
                .until(() -> machine.property(SERVICE, "StatusText").startsWith("serving: 2 connections"));

        String journal = journal();
        assertThat(journal).startsWith("640 [AF_INET]127.0.0.1:").contains("10.99.0.");

        machine.ok("systemctl", "restart", "portshare");
        assertThat(throughTheTunnel()).contains("Welcome to nginx");
        assertThat(journal()).isEqualTo(journal);
        upgrade();
        assertThat(throughTheTunnel()).contains("Welcome to nginx");
        assertThat(journal()).isEqualTo(journal);

        machine.write("/root/go", "");
        String sum = machine.ok("sha256sum", "/var/www/html/large");
        assertThat(download.get().split(" ")[0]).isEqualTo(sum.split(" ")[0]);
        assertThat(machine.ok("cat", "/root/client.log"))
                .containsOnlyOnce("Initialization Sequence Completed")
                .doesNotContain("restarting");
        assertThat(machine.journal(SERVICE))
                .contains("handed on 2 connection(s)", "took over 2 connection(s)", "close=handed-on");

        // What is stopped, and not started again, ends.
        machine.ok("systemctl", "stop", "portshare.socket", "portshare.service");
        await().atMost(Portshare.PATIENCE)
                .until(() -> machine.ok("cat", "/root/client.log").contains("restarting"));
    }

    /** Of each file its mode, its name, and what it says. */
    private String journal() {
        return machine.ok(
                "bash",
                "-c",
                "cd /run/portshare/journal && for file in *; do stat -c '%a %n' \"$file\"; cat \"$file\"; done");
    }

    /** By step 3 of the man page; also from whoever recorded a client, through a restart and an upgrade. */
    @Test
    void whoHoldsNoKeyFindsTheWebsiteAlone() throws IOException {
        hide("config: /etc/openvpn/server/server.conf");
        machine.ok("chmod", "0600", KEY);
        assertThat(machine.run("systemctl", "start", "portshare").exit()).isNotZero();
        assertThat(machine.journal(SERVICE)).contains(KEY + ": permission denied; let user portshare read it");
        machine.ok("chgrp", "portshare", "/etc/openvpn/server/server.conf", KEY);
        machine.ok("chmod", "0640", "/etc/openvpn/server/server.conf", KEY);
        assertThat(machine.ok("runuser", "-u", "portshare", "--", "portshare", "check", ROUTES))
                .contains("nothing wrong");
        machine.ok("systemctl", "start", "portshare");
        connectTunnel();
        assertThat(throughTheTunnel()).contains("Welcome to nginx");
        assertThat(website("10.99.0.1")).isEqualTo("the website");

        recordFirstPacket();
        assertThat(answerToFirstPacket("10.99.0.1")).isEqualTo("openvpn");
        for (String address : DebianMachine.ADDRESSES) {
            assertThat(answerToFirstPacket(address)).isEqualTo("HTTP/");
        }
        machine.ok("systemctl", "restart", "portshare");
        assertThat(answerToFirstPacket("10.99.0.1")).isEqualTo("HTTP/");
        upgrade();
        assertThat(answerToFirstPacket("10.99.0.1")).isEqualTo("HTTP/");
        String pid = machine.property(SERVICE, "MainPID");
        machine.ok("kill", "-KILL", pid);
        awaitAnother(pid);
        assertThat(answerToFirstPacket("10.99.0.1")).isEqualTo("HTTP/");

        assertThat(machine.ok("stat", "--format=%U %G %a", STATE, STATE + "/openvpn-packets"))
                .isEqualTo("portshare portshare 700\nportshare portshare 600");
        assertThat(machine.journal(SERVICE)).doesNotContain("state-dir", "is readable by everybody");
        machine.ok("dpkg", "--purge", "portshare");
        assertThat(machine.file(STATE)).doesNotExist();
    }

    @Test
    void tunnelsOfWhoHoldsTheKeyLiveThroughARestartAndAnUpgrade() throws IOException {
        hide("config: /etc/openvpn/server/server.conf");
        machine.ok("chgrp", "portshare", KEY);
        machine.ok("chmod", "0640", KEY);
        machine.ok("systemctl", "start", "portshare");
        connectTunnel();
        machine.ok("systemctl", "restart", "portshare");
        assertThat(throughTheTunnel()).contains("Welcome to nginx");
        upgrade();
        assertThat(throughTheTunnel()).contains("Welcome to nginx");
        assertThat(machine.ok("cat", "/root/client.log"))
                .containsOnlyOnce("Initialization Sequence Completed")
                .doesNotContain("restarting");
    }

    /** Where OpenVPN's files stay root's alone. */
    @Test
    void systemdHandsTheKeyOver() throws IOException {
        machine.ok("chmod", "0600", KEY);
        machine.write(DROP_IN, "[Service]\nLoadCredential=ta.key:" + KEY + "\n");
        machine.ok("systemctl", "daemon-reload");
        hide("tls-crypt: /run/credentials/portshare.service/ta.key");
        machine.ok("systemctl", "start", "portshare");
        machine.ok("systemctl", "reload", "portshare");
        connectTunnel();
        assertThat(throughTheTunnel()).contains("Welcome to nginx");
        assertThat(machine.journal(SERVICE)).doesNotContain("is readable by everybody");
        recordFirstPacket();
        assertThat(answerToFirstPacket("10.99.0.1")).isEqualTo("openvpn");
        assertThat(answerToFirstPacket("10.99.0.1")).isEqualTo("HTTP/");
    }

    @Test
    void anUpgradeStartsNothingThatDidNotRun() {
        upgrade();
        assertThat(machine.run("systemctl", "is-active", "portshare").out().strip())
                .isEqualTo("inactive");
    }

    @Test
    void anUpgradeWithTheSocketRefusesNobody() throws IOException {
        routes("listen: 443", "listen: systemd:https");
        machine.ok("systemctl", "enable", "--now", "portshare.socket");
        assertThat(website("10.99.0.1")).isEqualTo("the website");
        String pid = machine.property(SERVICE, "MainPID");
        Process clients = ConnectionRate.start(machine.network(), "10.99.0.1", 443, 1000);
        upgrade();
        assertThat(machine.property(SERVICE, "MainPID")).isNotEqualTo(pid).isNotEqualTo("0");
        assertThat(ConnectionRate.end(clients)).matches("answered=[1-9][0-9]{3,} refused=0 broken=0");
    }

    @Test
    void withAWrongRouteFileTheSocketStaysAndWhoComesWaitsUntilItIsRight() throws Exception {
        routes("listen: 443", "listen: systemd:https");
        routes("to: 127.0.0.1:8443", "two: 127.0.0.1:8443");
        machine.ok("systemctl", "enable", "--now", "portshare.socket");
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(
                () -> machine.client("curl", "--silent", "--insecure", "--max-time", "50", "https://10.99.0.1/")
                        .out()
                        .strip());
        // It was started anew for the client who waits, and did not fill the log meanwhile.
        await().atMost(Portshare.PATIENCE).until(() -> timesTold("two: unknown key; did you mean \"to\"?") >= 3);
        assertThat(timesTold("two: unknown key; did you mean \"to\"?")).isEqualTo(3);
        assertThat(machine.property("portshare.socket", "ActiveState")).isEqualTo("active");
        assertThat(machine.run("systemctl", "status", "portshare").out())
                .contains("systemctl restart portshare", "two: unknown key; did you mean \"to\"?");
        routes("two: 127.0.0.1:8443", "to: 127.0.0.1:8443");
        assertThat(waiting.get()).isEqualTo("the website");
        assertThat(website("10.99.0.1")).isEqualTo("the website");
    }

    /** By the jail of the package and fail2ban's journal, in the table of the package. */
    @Test
    void fail2banBansWhomPortshareRefusesAgainAndAgain() throws IOException {
        routes("to: 127.0.0.1:8443", "to: reject");
        machine.ok("systemctl", "start", "portshare");
        machine.ok("nft", "-f", "/usr/share/portshare/portshare.nft");
        machine.write(JAIL, "[portshare]\nenabled = true\nbanaction = portshare\n[sshd]\nenabled = false\n");
        machine.ok("systemctl", "restart", "fail2ban");
        await().atMost(Portshare.PATIENCE)
                .until(() ->
                        machine.run("fail2ban-client", "status", "portshare").exit() == 0);
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(rejected("10.99.0.1")).isTrue();
            }
            await().atMost(Portshare.PATIENCE)
                    .until(
                            () -> machine.ok("nft", "list", "set", "inet", "portshare", "banned4"),
                            set -> set.contains("{ 10.99.0.2 }"));
            assertThat(machine.client("curl", "--connect-timeout", "1", "https://10.99.0.1/")
                            .exit())
                    .isEqualTo(CONNECT_TIMEOUT);
        } finally {
            machine.ok("nft", "delete", "table", "inet", "portshare");
            machine.ok("rm", JAIL);
            machine.ok("systemctl", "restart", "fail2ban");
        }
    }

    /** Where there is no systemd: by OpenRC's own programs. */
    @Test
    void openRcStartsReloadsRestartsAndStops() throws IOException {
        machine.copy(Portshare.HOME.resolve("openrc/portshare"), INIT_SCRIPT);
        machine.ok("chmod", "755", INIT_SCRIPT);
        // What OpenRC makes when it boots a machine.
        machine.ok(
                "bash",
                "-c",
                "mkdir -p"
                    + " /run/openrc/{daemons,exclusive,failed,inactive,options,scheduled,started,starting,stopping,tmp}"
                    + " && touch /run/openrc/softlevel");
        try {
            machine.ok("rc-service", "portshare", "start");
            await().atMost(Portshare.PATIENCE).until(() -> !rejected("10.99.0.1"));
            assertThat(machine.ok("ps", "-o", "user:20=", "-C", "java")).isEqualTo("portshare");
            routes("to: 127.0.0.1:8443", "to: reject");
            machine.ok("rc-service", "portshare", "reload");
            assertThat(rejected("10.99.0.1")).isTrue();

            routes("to: reject", "two: reject");
            for (String command : List.of("reload", "restart")) {
                Command.Result wrong = machine.run("rc-service", "portshare", command);
                assertThat(wrong.exit()).as(command).isNotZero();
                assertThat(wrong.err()).as(command).contains("two: unknown key; did you mean \"to\"?");
                machine.ok("rc-service", "portshare", "status");
            }
            routes("two: reject", "to: 127.0.0.1:8443");
            machine.ok("rc-service", "portshare", "restart");
            await().atMost(Portshare.PATIENCE).until(() -> !rejected("10.99.0.1"));

            machine.ok("pkill", "-KILL", "java");
            await().atMost(Portshare.PATIENCE).until(() -> !rejected("10.99.0.1"));
            machine.ok("rc-service", "portshare", "stop");
            assertThat(machine.run("pgrep", "java").exit()).isEqualTo(1);
        } finally {
            machine.run("rc-service", "portshare", "stop");
            machine.ok("rm", "-rf", INIT_SCRIPT, "/run/openrc", "/var/log/portshare.log");
        }
    }

    private static int timesTold(String text) {
        return machine.journal(SERVICE).split(Pattern.quote(text), -1).length - 1;
    }

    @Test
    void removingKeepsTheRoutesAndPurgingKeepsNothing() throws IOException {
        machine.ok("systemctl", "enable", "--now", "portshare");
        machine.ok("dpkg", "--remove", "portshare");
        assertThat(machine.run("systemctl", "is-active", "portshare").out().strip())
                .isNotEqualTo("active");
        assertThat(machine.file(ROUTES)).exists();
        assertThat(machine.file("/usr/lib/portshare")).doesNotExist();
        machine.write("/etc/portshare/office.txt", "192.0.2.0/24\n");
        machine.ok("dpkg", "--purge", "portshare");
        assertThat(machine.ok(
                        "find",
                        "/etc",
                        "/usr",
                        "/var",
                        "/run",
                        "-xdev",
                        "-name",
                        "*portshare*",
                        "-not",
                        "-path",
                        "/var/log/journal/*"))
                .isEmpty();
        // The user stays: what it owns must not become somebody else's.
        machine.ok("getent", "passwd", "portshare");
    }

    /** Changes the route file as an administrator would. */
    private static void routes(String now, String then) throws IOException {
        String text = Files.readString(machine.file(ROUTES));
        assertThat(text).contains(now);
        Files.writeString(machine.file(ROUTES), text.replace(now, then));
    }

    /** To the same files with a higher version. */
    private static void upgrade() {
        machine.ok("dpkg", "--install", "/root/next.deb");
        assertThat(machine.ok("dpkg-query", "--show", "--showformat=${Version}", "portshare"))
                .isEqualTo("99");
    }

    private static String website(String address) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return machine.client("curl", "--silent", "--insecure", "--max-time", "10", "https://" + host + "/")
                .ok()
                .out()
                .strip();
    }

    private static boolean rejected(String address) {
        return machine.client("curl", "--silent", "--insecure", "--max-time", "10", "https://" + address + "/")
                        .exit()
                != 0;
    }

    private static void connectTunnel() {
        machine.client("openvpn", "--config", "/root/client.conf", "--daemon", "--log", "/root/client.log")
                .ok();
        await().atMost(Portshare.PATIENCE)
                .until(() -> machine.ok("cat", "/root/client.log").contains("Initialization Sequence Completed"));
    }

    private static String throughTheTunnel() {
        return machine.client("curl", "--silent", "--max-time", "2", "http://10.98.0.1/")
                .out();
    }

    /** As the packaged route file says. */
    private static void hide(String key) throws IOException {
        assertThat(Files.readString(machine.file(ROUTES)))
                .contains("when: {openvpn-key: {config: /etc/openvpn/server/server.conf}}");
        routes("    when: {protocol: openvpn}", "    when: {openvpn-key: {" + key + "}}");
        routes("at-restart: hand-on", "at-restart: hand-on\ntimeouts: {silent: 0s}");
    }

    /** Of a client that reaches no server with it. */
    private static void recordFirstPacket() {
        machine.client("bash", "-c", """
            set -e
            sed 's/^remote .*/remote 127.0.0.1 4443/' /root/client.conf > /root/recorded.conf
            exec 3< <(python3 /root/first-packet.py record 4443 /root/first-packet)
            recorder=$!
            read -r <&3
            openvpn --config /root/recorded.conf --connect-retry-max 1 > /root/recorded.log 2>&1 &
            client=$!
            wait $recorder
            kill $client
            """).ok();
    }

    private static String answerToFirstPacket(String address) {
        return machine.client("python3", "/root/first-packet.py", "send", address, "/root/first-packet")
                .ok()
                .out()
                .strip();
    }

    /** Waits until the service runs again, as another process. */
    private static void awaitAnother(String pid) {
        await().atMost(Portshare.PATIENCE.multipliedBy(2))
                .until(
                        () -> machine.property(SERVICE, "MainPID"),
                        now -> !List.of(pid, "0").contains(now));
        await().atMost(Portshare.PATIENCE)
                .until(() -> machine.run("systemctl", "is-active", "portshare").exit() == 0);
    }
}
