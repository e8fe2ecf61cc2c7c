package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Hellos;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to standard output, and that nobody waits for whoever reads it. */
class LogIT {
    private static final Path PARSER = Path.of("src/it/resources/parse-log.py");
    private static final Pattern DROPPED = Pattern.compile(" (\\d+) lines dropped");

    @TempDir
    private Path folder;

    /** As systemd starts it: the variable names the very file that standard output is. */
    @Test
    void theJournalGetsPrioritiesAndHasItsOwnTime() throws Exception {
        List<String> asService =
                List.of("bash", "-c", "JOURNAL_STREAM=$(stat -Lc %d:%i /proc/$$/fd/1) exec \"$@\"", "bash");
        try (Portshare portshare =
                        Portshare.under(asService, "--listen", "0", "--loops", "1", "--otherwise", "127.0.0.1:1");
                Socket client = connect(portshare, PLAIN)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            portshare.connection();
            assertThat(portshare.log())
                    .anyMatch(line -> line.startsWith("<6>INFO listening on "))
                    .anyMatch(line -> line.startsWith("<4>WARN id=0 src=127.0.0.1:"));
        }
    }

    @Test
    void whoeverElseReadsItGetsNone() throws Exception {
        List<String> redirected = List.of("env", "JOURNAL_STREAM=8:12345");
        try (Portshare portshare = Portshare.under(redirected, "--listen", "0", "--otherwise", "reject")) {
            assertThat(portshare.line("listening on")).matches("\\d{4}-.* INFO listening on .*");
        }
    }

    @Test
    @Needs({"openssl", "python3"})
    void whateverAClientChoosesIsValidJson() throws Exception {
        List<String> expected = new ArrayList<>();
        try (Portshare portshare = Portshare.start("--listen", "0", "--log-format", "json", "--otherwise", "reject")) {
            openssl(portshare, "-servername", "a\"b\\c'{}</script>.example.org");
            expected.add("tls a\"b\\x5cc'{}</script>.example.org -");
            await(portshare, expected.size());
            openssl(portshare, "-servername", "x", "-alpn", "h2,\u0001\"\\");
            expected.add("tls x h2,\\x01\"\\x5c");
            await(portshare, expected.size());
            for (int first = 0; first < 256; first += 64) {
                byte[] name = new byte[64];
                StringBuilder escaped = new StringBuilder();
                for (int i = 0; i < name.length; i++) {
                    int b = first + i;
                    name[i] = (byte) b;
                    escaped.append(b <= ' ' || b >= 0x7f || b == '\\' || b == ',' ? "\\x%02x".formatted(b) : (char) b);
                }
                send(portshare, Hellos.hello("a.example.org", name));
                expected.add("tls a.example.org " + escaped);
                await(portshare, expected.size());
            }
            // No server has a name of 64 KiB, so this is no ClientHello.
            send(portshare, Hellos.hello("x".repeat(65_000)));
            expected.add("unrecognised - -");
            await(portshare, expected.size());
            byte[][] many =
                    IntStream.range(0, 20_000).mapToObj(_ -> new byte[] {0}).toArray(byte[][]::new);
            send(portshare, Hellos.hello("b.example.org", many));
            expected.add("tls b.example.org " + "\\x00,".repeat(801) + "...");
            await(portshare, expected.size());
            Path log = Files.write(folder.resolve("log"), portshare.log());
            assertThat(Command.of("python3", PARSER.toString(), log.toString())
                            .run()
                            .ok()
                            .out()
                            .lines())
                    .containsExactlyElementsOf(expected);
        }
    }

    private static void openssl(Portshare portshare, String... options) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + portshare.port()));
        words.addAll(List.of(options));
        // It fails, having nobody to shake hands with.
        Command.of(words).run();
    }

    private static void send(Portshare portshare, byte[] hello) throws IOException {
        try (Socket client = connect(portshare)) {
            client.getOutputStream().write(hello);
            client.getInputStream().readAllBytes();
        } catch (java.net.SocketException _) {
            // Refused before the last byte.
        }
    }

    private static void await(Portshare portshare, int connections) {
        org.awaitility.Awaitility.await()
                .atMost(Portshare.PATIENCE)
                .until(() -> portshare.log().stream()
                                .filter(line -> line.contains("\"close\":"))
                                .count()
                        == connections);
    }

    @Test
    void theRouteFileChoosesWhichConnectionsLeaveALineAndHowMuchOfTheirAddress() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: no, when: {sni: no.example.org}, to: reject}
                      - {name: echo, to: "%s"}
                    log: {connections: refused, anonymize: 24/48}
                    """.formatted(at(echo)))) {
            try (Socket client = connect(portshare, PLAIN)) {
                client.shutdownOutput();
                assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            }
            send(portshare, Hellos.hello("no.example.org"));
            Connection refused = portshare.connection();
            assertThat(refused.close()).isEqualTo("rejected");
            assertThat(refused.get("src")).isEqualTo("127.0.0.0/24");
            portshare.signal("TERM");
            assertThat(portshare.exitCode()).isZero();
            assertThat(portshare.hasNoConnection()).isTrue();
            assertThat(portshare.toString()).doesNotContain("completed");
        }
    }

    /** Of each line it is known whether it was written or dropped; nothing else waits for the reader. */
    @Test
    void aReaderThatStopsCostsItsOwnLinesAndTheyAreCounted() throws Exception {
        int connections = 18_000;
        Process process = new ProcessBuilder(
                        Portshare.PROGRAM.toString(), "--listen", "127.0.0.1:0", "--otherwise", "reject")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader log = process.inputReader(StandardCharsets.US_ASCII)) {
            String line = log.readLine();
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            for (int i = 0; i < connections; i++) {
                try (Socket client = connect("127.0.0.1", port)) {
                    client.getOutputStream().write(PLAIN);
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                    client.setSoLinger(true, 0);
                }
            }
            // Through the handle: process.destroy() would close the pipe as well.
            process.toHandle().destroy();
            long written = 0;
            long dropped = 0;
            while ((line = log.readLine()) != null) {
                Matcher loss = DROPPED.matcher(line);
                if (loss.find()) {
                    dropped += Long.parseLong(loss.group(1));
                } else {
                    assertThat(line).matches("20\\d\\d-\\S+ INFO (id=\\d+ src=.* close=\\S+|stopp.*)");
                    written++;
                }
            }
            assertThat(dropped).isPositive();
            // And two that say that it stops and has stopped.
            assertThat(written + dropped).isEqualTo(connections + 2);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
