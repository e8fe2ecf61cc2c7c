package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running program is asked and told things: by its own commands, by curl, and by Prometheus' tool. */
class AdminIT {
    @TempDir
    private Path folder;

    private Path file;
    private Path socket;
    private ServerSocket echo;
    private Portshare portshare;

    @BeforeEach
    void start() throws Exception {
        socket = folder.resolve("admin.sock");
        echo = Sockets.echo();
        file = folder.resolve("portshare.yaml");
        Files.writeString(file, """
            listen: 127.0.0.1:0
            routes:
              - {name: closed, when: {protocol: openvpn}, to: reject}
              - {name: dead, when: {protocol: tls}, to: 127.0.0.1:1}
              - {name: web, to: "%s"}
            admin: {socket: %s, http: 127.0.0.1:0}
            timeouts: {drain: 5s}
            """.formatted(at(echo), socket));
        portshare = Portshare.start("--config", file.toString());
        portshare.line(" listening on ");
    }

    @AfterEach
    void stop() throws Exception {
        portshare.close();
        echo.close();
    }

    private Command.Result command(String name) {
        return Portshare.run(name, "--admin", socket.toString());
    }

    private String http() {
        String line = portshare.line("admin interface at http");
        return line.substring(line.indexOf("http"));
    }

    /** A connection that lives until it is closed, and got through. */
    private Socket client() throws Exception {
        Socket client = connect(portshare, PLAIN);
        client.getInputStream().readNBytes(PLAIN.length);
        return client;
    }

    /** One that did not get through. */
    private Socket failed() throws Exception {
        Socket client = connect(portshare, Corpus.head("tls-openssl-13-sni").bytes());
        portshare.connection();
        return client;
    }

    @Test
    void statusAndRoutesSayWhatGoesOn() throws Exception {
        try (Socket _ = client()) {
            assertThat(command("status").ok().out())
                    .contains("is serving, for ", " as process " + portshare.pid())
                    .contains("listening    127.0.0.1:" + portshare.port())
                    .contains("1 live, 1 accepted")
                    .containsPattern("(?m)^web +1 +1 +\\d s ago +18 B +18 B +" + at(echo) + " +up$");
            assertThat(command("routes").ok().out().lines().map(line -> line.replaceAll(" .*", "")))
                    .containsExactly("ROUTE", "closed", "dead", "web");
        }
    }

    @Test
    void aBackendThatFailsShowsInItsRoute() throws Exception {
        failed().close();
        assertThat(command("routes").ok().out())
                .containsPattern(
                        "(?m)^dead +0 +1 .* 127\\.0\\.0\\.1:1 +failing: backend-refused \\d s ago, failed 1 time$");
    }

    @Test
    void reloadReturnsWhenTheFileIsInForceOrSaysWhatIsWrongWithIt() throws Exception {
        String yaml = Files.readString(file);
        Files.writeString(file, yaml.replace("{name: web,", "{name: other,"));
        assertThat(command("reload").ok().out()).startsWith("reloaded " + file);
        try (Socket _ = client()) {
            assertThat(command("routes").ok().out()).containsPattern("(?m)^other +1 ");
        }
        Files.writeString(file, yaml.replace("protocol: tls", "protocol: tsl").replace("5s", "5"));
        Command.Result refused = command("reload");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(file + ":4:35: routes[1].when.protocol: no protocol \"tsl\""),
                        line -> assertThat(line).startsWith(file + ":7:19: timeouts.drain: no unit"));
        assertThat(command("status").ok().out()).contains("the last reload was REFUSED");
    }

    @Test
    void reloadPrintsWhatIsSurelyNotMeantInAFileThatIsInForce() throws Exception {
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("{name: closed, when: {protocol: openvpn},", "{name: all,")
                        .replace("{name: dead, when: {protocol: tls},", "{name: no-tls, when: {not: {protocol: tls}},")
                        .replace("admin.sock", "elsewhere.sock"));
        Command.Result done = command("reload");
        assertThat(done.exit()).isZero();
        assertThat(done.out()).startsWith("reloaded " + file);
        assertThat(done.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(file + ": admin: what changed there takes effect when"),
                        line -> assertThat(line)
                                .startsWith(file + ":4:5: warning: routes[1]: can never be reached: routes[0] (all)"),
                        line -> assertThat(line)
                                .startsWith(file + ":5:5: warning: routes[2]: can never be reached: routes[0] (all)"));
        done.err().lines().forEach(line -> portshare.line(" WARN " + line));
    }

    @Test
    void drainEndsItWhenTheLastClientHasGone() throws Exception {
        try (Socket _ = client()) {
            assertThat(command("drain").ok().out()).isEmpty();
            portshare.line("stopping");
            assertThat(command("status").ok().out()).contains("is draining", "1 live");
        }
        assertThat(portshare.exitCode()).isZero();
        assertThat(socket).doesNotExist();
    }

    @Test
    void whereNobodyAnswersTheCommandsSayWhatToWrite() {
        for (String name : List.of("status", "routes", "reload", "drain")) {
            Command.Result result = Portshare.run(name, "--admin", folder + "/none.sock");
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).contains("admin: {socket: " + folder + "/none.sock}");
        }
    }

    @Test
    @Needs("curl")
    void curlAsksAndTellsOverTheSocketAndAsksOverHttp() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
        try (Socket client = client()) {
            String connections = curl("--unix-socket", socket.toString(), "http://localhost/api/connections");
            assertThat(connections)
                    .contains("\"src\":\"127.0.0.1:" + client.getLocalPort() + "\"")
                    .contains("\"route\":\"web\"", "\"state\":\"open\"", "\"in\":18,\"out\":18");
            assertThat(curl(http() + "api/connections")).contains("\"active\":1");
            String id = connections.replaceAll("(?s).*\"id\":(\\d+),.*", "$1");
            assertThat(curl("-X", "DELETE", http() + "api/connections/" + id)).contains("only over the control socket");
            assertThat(curl(
                            "-X",
                            "DELETE",
                            "--unix-socket",
                            socket.toString(),
                            "http://localhost/api/connections/" + id))
                    .isEqualTo("closed\n");
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(portshare.connection().get("close")).isEqualTo("killed");
    }

    @Test
    @Needs({"curl", "promtool"})
    void prometheusFindsNothingToSayAgainstTheMetrics() throws Exception {
        client().close();
        portshare.connection();
        failed().close();
        Path metrics = folder.resolve("metrics");
        Files.writeString(metrics, curl(http() + "metrics"));
        Command.Result check = Command.of("bash", "-c", "promtool check metrics < " + metrics)
                .run()
                .ok();
        assertThat(check.out() + check.err()).isEmpty();
        assertThat(metrics).content().contains("close=\"backend-refused\"} 1");
    }

    @Test
    @Needs("curl")
    void theLastHourShowsAtOnce() {
        await().atMost(Portshare.PATIENCE)
                .until(() -> curl(http() + "api/history").contains("\"active\":[0,"));
    }

    @Test
    void whatIsNotConfiguredIsNotLoaded() throws Exception {
        Path classes = folder.resolve("classes");
        try (Portshare other = Portshare.under(
                List.of("env", "PORTSHARE_JAVA_OPTS=-Xlog:class+load:file=" + classes),
                "--listen",
                "127.0.0.1:0",
                "--otherwise",
                at(echo))) {
            try (Socket client = connect(other, PLAIN)) {
                client.getInputStream().readNBytes(PLAIN.length);
            }
            other.connection();
        }
        assertThat(Files.readAllLines(classes))
                .anyMatch(line -> line.contains("dev.portshare.listen.HeadReader"))
                .noneMatch(line -> line.contains("dev.portshare.admin."))
                .noneMatch(line -> line.contains("io.netty.handler.codec.http."));
    }

    private static String curl(String... options) {
        String[] words = new String[options.length + 4];
        words[0] = "curl";
        words[1] = "-s";
        words[2] = "--max-time";
        words[3] = "20";
        System.arraycopy(options, 0, words, 4, options.length);
        return Command.of(words).run().ok().out();
    }
}
