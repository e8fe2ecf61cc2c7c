package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Hellos;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.UnixEcho;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fail2ban files that come with the program find in its log whom they should, and nobody else. */
@Needs({"netns", "fail2ban-regex", "socat"})
class Fail2banIT {
    private static final Path FILES = Portshare.HOME.resolve("fail2ban");
    /** What would get somebody else banned, if a line could be made to look like another. */
    private static final String HOSTILE = "x src=198.51.100.1:1 dst=- close=rejected";

    private static final String HOSTILE_JSON = "x\",\"src\":\"198.51.100.1:1\",\"close\":\"rejected\"}";
    private static final byte[] NONSENSE = {0x7f, 0x7f, 0x7f, 0x7f};
    private static final List<String> REFUSED = List.of("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1");

    @TempDir
    private Path folder;

    private NetworkNamespace namespace;
    private UnixEcho web;
    private int clients;

    @BeforeEach
    void open() throws IOException {
        namespace = new NetworkNamespace();
        web = new UnixEcho(folder.resolve("web"));
    }

    @AfterEach
    void close() throws IOException {
        web.close();
        namespace.close();
    }

    private Path routes(String log) throws IOException {
        return Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 443
            routes:
              - {name: secret, when: {sni: secret.example.org}, to: reject}
              - {name: dead, when: {sni: dead.example.org}, to: 127.0.0.1:1}
              - {name: www, when: {sni: www.example.org}, to: "unix:%1$s"}
              - {name: rest, when: {not: {protocol: tls}}, to: "unix:%1$s"}
            timeouts: {head: 1s}
            log: {%2$s}
            """.formatted(folder.resolve("web"), log));
    }

    /** Sends {@code head} as a client with another address each time, of the same family as {@code from}. */
    private void send(String from, byte[] head) throws IOException {
        boolean six = from.contains(":");
        namespace.address(from + (six ? "/128" : "/32"));
        Path file = Files.write(folder.resolve("head-" + clients++), head);
        String to = six ? "TCP6:[::1]:443,bind=[" + from + "]" : "TCP4:127.0.0.1:443,bind=" + from;
        // A client that is refused may see a reset.
        namespace.run("socat", "-t", "5", "FILE:" + file + ",rdonly", to);
    }

    /** One client of each kind, and what is logged of them in text or JSON. */
    private List<String> log(List<String> prefix, String log) throws IOException {
        List<String> all = new ArrayList<>(namespace.prefix());
        all.addAll(prefix);
        try (Portshare portshare = Portshare.under(all, "--config", routes(log).toString())) {
            portshare.line("listening on");
            byte[] hostile = HOSTILE.getBytes(StandardCharsets.US_ASCII);
            send("192.0.2.1", Hellos.hello("secret.example.org", hostile));
            send("192.0.2.2", Hellos.hello("src=198.51.100.1:1", hostile));
            send("192.0.2.3", Hellos.hello(HOSTILE_JSON, HOSTILE_JSON.getBytes(StandardCharsets.US_ASCII)));
            send("2001:db8::1", Hellos.hello("nobody.example.org"));
            send("192.0.2.4", Hellos.hello("dead.example.org", hostile));
            send("192.0.2.5", Hellos.hello("www.example.org", hostile));
            send("2001:db8::5", Hellos.hello("www.example.org", HOSTILE_JSON.getBytes(StandardCharsets.US_ASCII)));
            send("192.0.2.6", NONSENSE);
            // No name has blanks: that is no hello.
            send("192.0.2.7", Hellos.hello(HOSTILE, hostile));
            await().atMost(Portshare.PATIENCE)
                    .untilAsserted(() -> assertThat(connections(portshare)).hasSize(clients));
            return connections(portshare);
        }
    }

    private static List<String> connections(Portshare portshare) {
        return portshare.log().stream().filter(line -> line.contains("head_ms")).toList();
    }

    /** Whom fail2ban finds in {@code lines}. */
    private List<String> found(String mode, List<String> lines) throws IOException {
        Path log = Files.write(folder.resolve("log"), lines);
        return Command.of(
                        "fail2ban-regex",
                        "--out=ip",
                        log.toString(),
                        FILES.resolve("filter.d/portshare.conf") + "[mode=" + mode + "]")
                .run()
                .ok()
                .out()
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private void assertFindsWhomItShould(List<String> lines) throws IOException {
        assertThat(found("normal", lines)).containsExactlyInAnyOrderElementsOf(REFUSED);
        List<String> aggressive = new ArrayList<>(REFUSED);
        aggressive.addAll(List.of("192.0.2.6", "192.0.2.7"));
        assertThat(found("aggressive", lines)).containsExactlyInAnyOrderElementsOf(aggressive);
    }

    @Test
    void inTextItFindsWhomPortshareRefused() throws Exception {
        List<String> lines = log(List.of(), "format: text");
        assertThat(lines).anyMatch(line -> line.contains("src=192.0.2.4:") && line.contains("close=backend-refused"));
        assertFindsWhomItShould(lines);
    }

    @Test
    void inJsonAsWell() throws Exception {
        assertFindsWhomItShould(log(List.of(), "format: json"));
    }

    /** As fail2ban puts an entry together: priority and time are the journal's, host and program stand in front. */
    @Test
    void inTheJournalAsWell() throws Exception {
        List<String> asService =
                List.of("bash", "-c", "JOURNAL_STREAM=$(stat -Lc %d:%i /proc/$$/fd/1) exec \"$@\"", "bash");
        for (String format : List.of("text", "json")) {
            clients = 0;
            List<String> lines = log(asService, "format: " + format);
            assertThat(lines).allMatch(line -> line.matches("<[46]>.*"));
            assertFindsWhomItShould(lines.stream()
                    .map(line -> "vps portshare[4711]: " + line.replaceFirst("^<.>", ""))
                    .toList());
            namespace.close();
            namespace = new NetworkNamespace();
        }
    }

    @Test
    void addressesThatAreCutShortAreNobodys() throws Exception {
        assertThat(found("aggressive", log(List.of(), "anonymize: 24/48"))).isEmpty();
    }

    /** The whole: refused three times, banned by the table of portshare.nft, and unbanned. */
    @Test
    @Needs({"fail2ban-server", "nft"})
    void whoIsRefusedAgainAndAgainIsBanned() throws Exception {
        Path log = folder.resolve("p.log");
        String client = fail2ban(log, "portshare");
        namespace
                .run(
                        "nft",
                        "-f",
                        Portshare.HOME.resolve("share/portshare/portshare.nft").toString())
                .ok();
        try (Portshare portshare = Portshare.unseen(
                namespace.prefix(), "--config", routes("file: " + log).toString())) {
            await().atMost(Portshare.PATIENCE)
                    .until(() -> Files.exists(log) && Files.readString(log).contains("listening"));
            run(client + "start").ok();
            try {
                send("192.0.2.1", NONSENSE);
                for (int i = 1; i <= 3; i++) {
                    refused("192.0.2.9", "127.0.0.1");
                    refused("2001:db8:1:2::9", "[::1]");
                }
                await().atMost(Portshare.PATIENCE)
                        .untilAsserted(() -> assertThat(banned("banned4")).contains("{ 192.0.2.9 }"));
                await().atMost(Portshare.PATIENCE)
                        .untilAsserted(() -> assertThat(banned("banned6")).contains("{ 2001:db8:1:2::/64 }"));
                run(client + "unban --all").ok();
                assertThat(banned("banned4") + banned("banned6")).doesNotContain("elements");
                assertThat(Files.readString(folder.resolve("fail2ban/log"))).doesNotContain("ERROR");
            } finally {
                run(client + "stop");
            }
            assertThat(portshare.isAlive()).isTrue();
        }
    }

    /** Makes the settings of a fail2ban that reads {@code log}, and bans by {@code action}; how to speak to it. */
    private String fail2ban(Path log, String action) throws IOException {
        Path settings = folder.resolve("fail2ban");
        Command.of("cp", "-r", "/etc/fail2ban", settings.toString()).run().ok();
        Command.of("rm", "-rf", settings.resolve("jail.d").toString()).run().ok();
        Command.of("cp", "-r", FILES + "/.", settings.toString()).run().ok();
        String client = "fail2ban-client -c %1$s -s %1$s/socket -p %1$s/pid ".formatted(settings);
        assertThat(run(client + "--dp").ok().out()).doesNotContain("portshare");
        Files.writeString(settings.resolve("fail2ban.local"), """
            [DEFAULT]
            dbfile = :memory:
            logtarget = %s
            """.formatted(settings.resolve("log")));
        Files.writeString(settings.resolve("jail.d/portshare.local"), """
            [portshare]
            enabled = true
            backend = polling
            logpath = %s
            banaction = %s
            maxretry = 3
            """.formatted(log, action));
        return client;
    }

    /** The same without a firewall: fail2ban writes a list, which portshare reads, and ends what is open. */
    @Test
    @Needs({"fail2ban-server", "flock"})
    void whoIsRefusedAgainAndAgainIsBannedByAListToo() throws Exception {
        Path log = folder.resolve("p.log");
        Path list = Files.writeString(folder.resolve("banned.txt"), "192.0.2.66 # by hand\n");
        String client = fail2ban(log, "portshare-list[list=" + list + "]");
        Path routes = routes("file: " + log);
        Files.writeString(
                routes,
                Files.readString(routes)
                        .replace("listen: 443", "listen: {address: 443, deny: ./banned.txt}\nwatch: true"));
        try (Portshare portshare = Portshare.unseen(namespace.prefix(), "--config", routes.toString())) {
            await().atMost(Portshare.PATIENCE)
                    .until(() -> Files.exists(log) && Files.readString(log).contains("listening"));
            run(client + "start").ok();
            try {
                for (int i = 1; i <= 3; i++) {
                    refused("192.0.2.9", "127.0.0.1");
                    refused("2001:db8:1:2::9", "[::1]");
                }
                await().atMost(Portshare.PATIENCE)
                        .untilAsserted(() -> assertThat(Files.readAllLines(list))
                                .containsExactlyInAnyOrder(
                                        "192.0.2.66 # by hand", "192.0.2.9/32", "2001:db8:1:2::/64"));
                awaitEnd(log, "192.0.2.9", "127.0.0.1", "denied");
                awaitEnd(log, "2001:db8:1:2::7", "[::1]", "denied");
                refused("192.0.2.8", "127.0.0.1");
                await().atMost(Portshare.PATIENCE).until(() -> isLogged(log, "192.0.2.8", "rejected"));

                run(client + "unban --all").ok();
                assertThat(list).hasContent("192.0.2.66 # by hand");
                Files.writeString(log, "");
                awaitEnd(log, "192.0.2.9", "127.0.0.1", "rejected");
                assertThat(Files.readString(folder.resolve("fail2ban/log"))).doesNotContain("ERROR");
                assertThat(Files.readString(log)).doesNotContain("WARN").doesNotContain("ERROR");
            } finally {
                run(client + "stop");
            }
            assertThat(portshare.isAlive()).isTrue();
        }
    }

    /** Clients from there end like this, sooner or later: the list is read a moment after it was written. */
    private void awaitEnd(Path log, String from, String to, String close) {
        await().atMost(Portshare.PATIENCE).until(() -> {
            refused(from, to);
            return isLogged(log, from, close);
        });
    }

    private static boolean isLogged(Path log, String from, String close) throws IOException {
        String source = " src=" + (from.contains(":") ? "[" + from + "]" : from) + ":";
        return Files.readAllLines(log).stream()
                .anyMatch(line -> line.contains(source) && line.endsWith("close=" + close));
    }

    private void refused(String from, String to) throws IOException {
        if (!namespace.run("ip", "addr").out().contains(from + "/")) {
            namespace.address(from + (from.contains(":") ? "/128" : "/32"));
        }
        Path head = Files.write(folder.resolve("refused"), Hellos.hello("secret.example.org"));
        String source = from.contains(":") ? "[" + from + "]" : from;
        namespace.run("socat", "-t", "5", "FILE:" + head + ",rdonly", "TCP:" + to + ":443,bind=" + source);
    }

    private Command.Result run(String command) {
        return namespace.run(Stream.of(command.split(" ")).toArray(String[]::new));
    }

    private String banned(String set) {
        return namespace
                .run("nft", "list", "set", "inet", "portshare", set)
                .ok()
                .out();
    }
}
