package dev.portshare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands print and how they exit, but for those that serve. */
class CommandLineTest {
    static final List<String> PROTOCOLS =
            Detectors.BUILTIN.stream().map(NamedDetector::name).toList();

    private static final Path CORPUS = Path.of("../core/src/test/resources/corpus");

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final InputStream in = System.in;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
        System.setIn(in);
    }

    @Test
    void nothingAtAllSaysWhatToGive() {
        assertThat(Main.execute()).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("--config FILE", "--listen ADDR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "explain", "doctor", "import", "demo"})
    void theHelpOfEachCommandFitsATerminalAndShowsAnExample(String command) {
        assertThat(Main.execute(command, "--help")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSizeLessThanOrEqualTo(40)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .anySatisfy(line -> assertThat(line).contains("Example: portshare"));
    }

    @Test
    void everyMistakeInTheRouteOptionsIsNamedAtOnce() {
        assertThat(Main.execute("--listen", "x", "--openvpn", "1194", "--tls", "*a=127.0.0.1:1", "--otherwise", "h:0"))
                .isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).contains("--listen x: "))
                .anySatisfy(
                        line -> assertThat(line).contains("--openvpn 1194: no host in \"1194\"; write 127.0.0.1:1194"))
                .anySatisfy(line -> assertThat(line).contains("--tls *a=127.0.0.1:1: "))
                .anySatisfy(line -> assertThat(line).contains("--otherwise h:0: "));
    }

    @Test
    void aFileAndRouteOptionsExcludeEachOther() {
        assertThat(Main.execute("run", "--config", "x.yaml", "--openvpn", "127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("exclude each other");
    }

    @Test
    void aWrongFileGetsEveryProblemAndExit2(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 443
            routes:
              - {name: vpn, when: {protocol: opnvpn}, to: 127.0.0.1:1194}
              - {name: web, too: 127.0.0.1:8443}
            """);
        for (List<String> command : List.of(
                List.of("check", file.toString()),
                List.of("run", "--config", file.toString()),
                List.of("explain", "--config", file.toString(), "--hex", "00"))) {
            complained.reset();
            assertThat(Main.execute(command.toArray(String[]::new))).isEqualTo(2);
            assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(file + ":3:34: routes[0].when.protocol: ")
                            .contains("did you mean \"openvpn\"?"))
                    .anySatisfy(line ->
                            assertThat(line).startsWith(file + ":4:17: ").contains("too"));
        }
    }

    @Test
    void aRightFileIsSaidSo(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(folder.resolve("a.yaml"), "listen: 443\nroutes: [{name: web, to: 127.0.0.1:1}]\n");
        assertThat(Main.execute("check", file.toString())).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("nothing wrong");
    }

    @Test
    void warningsAreToldAndFailOnlyAStrictCheck(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), """
            listen: 443
            routes:
              - {name: web, to: 127.0.0.1:1}
              - {name: vpn, when: {protocol: openvpn}, to: "nowhere.invalid:2"}
            """);
        assertThat(Main.execute("check", "--offline", file.toString())).isZero();
        assertThat(complained.toString(StandardCharsets.UTF_8))
                .isEqualTo(file + ":4:5: warning: routes[1]: can never be reached: routes[0] (web) takes all it would;"
                        + " write it before routes[0] (web), or leave it out\n");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(": no error, 1 warning: ");
        printed.reset();
        complained.reset();
        assertThat(Main.execute("check", "--strict", "--format", "json", file.toString()))
                .isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"severity\": \"warning\", \"file\": \"" + file))
                .anyMatch(line -> line.contains("\"routes[1].to\", \"message\": \"\\\"nowhere.invalid\\\" ha"));
        assertThat(complained.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void checkPrintsTheSchemaOrWantsAFile() {
        assertThat(Main.execute("check", "--schema")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("{").contains("\"$schema\"", "\"routes\"");
        assertThat(Main.execute("check")).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("no FILE");
    }

    @Test
    void errorsHaveTheFormatThatWasAskedFor(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "listen: 443\nroutes: [{to: reject, nam: x}]\n");
        assertThat(Main.execute("check", "--format=github", file.toString())).isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo("::error file=" + file
                        + ",line=2,col=23::routes[0].nam: unknown key; did you mean \"name\"?\n");
        assertThat(Main.execute("check", "--format", "xml", file.toString())).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("text, json, github");
    }

    @Test
    void explainSaysWhereTheFirstBytesAreEnough() {
        String backend = "127.0.0.1:1";
        Main.execute("explain", "--hex", "16 03 01", "--tls", backend, "--otherwise", backend);
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("already");
        Main.execute("explain", "--hex", "16 03 01", "--openvpn", backend, "--otherwise", backend);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("decided      already: whatever follows");
    }

    @Test
    void explainTellsWhatEachDetectorSaidAndWhichRouteTakesIt() {
        assertThat(Main.execute(
                        "explain",
                        CORPUS.resolve("tls-chromium-1.bin").toString(),
                        "--otherwise",
                        "127.0.0.1:3",
                        "--openvpn",
                        "127.0.0.1:1",
                        "--tls",
                        "*.dev.test=127.0.0.1:2"))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(String::strip))
                .startsWith(
                        CORPUS.resolve("tls-chromium-1.bin") + ": 2016 bytes",
                        "openvpn      no: byte 0 (0x16) rules it out",
                        "tls          yes, at byte 2015",
                        "http         no: byte 0 (0x16) rules it out")
                .endsWith(
                        "facts        protocol=tls sni=www.dev.test alpn=h2,http/1.1 ech=true from=- listener=-",
                        "route openvpn no: protocol is tls, not openvpn",
                        "route tls:*.dev.test takes it: 127.0.0.1:2");
    }

    /** On a listener with trusted proxies; without --from, whatever begins like a header is theirs. */
    @Test
    void explainReadsThePROXYHeaderOfATrustedProxy(@TempDir Path folder) throws Exception {
        String file = Files.writeString(folder.resolve("r.yaml"), """
            listen: [{address: 443, proxy-protocol: {from: 10.0.0.0/8}}, 80]
            routes:
              - {name: office, when: {from: 192.0.2.0/24}, to: 127.0.0.1:1}
              - {name: rest, to: 127.0.0.1:2}
            """).toString();
        String tls = CORPUS.resolve("proxy2-tls.bin").toString();
        String office = "\"protocol\": \"tls\", \"sni\": \"p2.dev.test\", \"alpn\": [], \"waits\": false, \"route\":"
                + " \"office\"";
        String bytes =
                "\"protocol\": \"unrecognised\", \"sni\": null, \"alpn\": [], \"waits\": false, \"route\": \"rest\"";
        String none = "\"protocol\": null, \"sni\": null, \"alpn\": [], \"waits\": %s, \"route\": null";
        assertThat(explained(file, tls)).contains(office);
        assertThat(explained(file, tls, "--from", "10.1.2.3")).contains(office);
        assertThat(explained(file, tls, "--from", "192.0.2.8")).contains(bytes.replace("rest", "office"));
        assertThat(explained(file, tls, "--listener", "80")).contains(bytes);
        assertThat(explained(file, CORPUS.resolve("cut-proxy2-tls-11.bin").toString()))
                .contains(none.formatted(true));
        assertThat(explained(file, CORPUS.resolve("proxy1-bad.bin").toString(), "--from", "10.1.2.3"))
                .contains(none.formatted(false));
        printed.reset();
        assertThat(Main.execute("explain", "--config", file, "--from", "10.1.2.3", "--hex", "50 52 4f 59", tls))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(String::strip))
                .startsWith(
                        "--hex: from a trusted proxy",
                        "header       no: byte 3 (0x59) rules it out",
                        "no route     the connection is closed: proxy-header",
                        tls + ": from a trusted proxy",
                        "header       yes, at byte 27",
                        "behind it: 181 bytes")
                .contains("facts        protocol=tls sni=p2.dev.test alpn=- from=192.0.2.1 listener=:443");
    }

    /** Who that is, is known by --from, or by the header of a trusted proxy. */
    @Test
    void explainTellsOfClientsThatAreNotLetIn(@TempDir Path folder) throws Exception {
        String file = Files.writeString(folder.resolve("r.yaml"), """
            listen: {address: 443, deny: 192.0.2.0/24, proxy-protocol: {from: 10.0.0.0/8}}
            routes: [{name: all, to: 127.0.0.1:1}]
            """).toString();
        String tls = CORPUS.resolve("proxy2-tls.bin").toString();
        String none = "\"protocol\": null, \"sni\": null, \"alpn\": [], \"waits\": false, \"route\": null";
        assertThat(explained(file, tls)).contains(none);
        assertThat(explained(file, tls, "--from", "192.0.2.8")).contains(none);
        assertThat(explained(file, tls, "--from", "192.0.3.8")).contains("\"route\": \"all\"");
        printed.reset();
        assertThat(Main.execute("explain", "--config", file, "--from", "192.0.2.8", "--sni", "a.org"))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(String::strip))
                .containsExactly(
                        "--sni: from a client that :443 does not let in",
                        "no route     the connection is closed: denied");
    }

    private String explained(String config, String head, String... more) {
        printed.reset();
        List<String> words = new ArrayList<>(List.of("explain", "--json", "--config", config, head));
        words.addAll(List.of(more));
        assertThat(Main.execute(words.toArray(String[]::new))).isZero();
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void explainShowsTheHostOfARequestAndTheRouteThatItTakes(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("r.yaml"), """
            listen: 443
            routes:
              - {name: a, when: {host: a.test}, to: 127.0.0.1:1}
              - {name: b, when: {host: "*.dev.test"}, to: 127.0.0.1:2}
            """);
        assertThat(Main.execute(
                        "explain",
                        "--config",
                        file.toString(),
                        CORPUS.resolve("http-curl-get.bin").toString()))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(String::strip))
                .contains("http         yes, at byte 75")
                .endsWith(
                        "facts        protocol=http sni=- alpn=- host=www.dev.test from=- listener=:443",
                        "route a      no: host www.dev.test matches none of a.test",
                        "route b      takes it: 127.0.0.1:2");
    }

    /** Each protocol is an option, described or named in the help, and routes what its detector tells. */
    @ParameterizedTest
    @FieldSource("PROTOCOLS")
    void everyProtocolIsAnOption(String protocol) {
        assertThat(Main.execute("explain", "--json", "--hex", "00", "--" + protocol, "127.0.0.1:1"))
                .isZero();
        assertThat(Main.execute("run", "--help")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).containsPattern("--" + protocol + "\\b");
    }

    @Test
    void explainReadsStandardInputAndHex() {
        System.setIn(new ByteArrayInputStream(new byte[] {0x16, 3}));
        assertThat(Main.execute("explain", "--json")).isZero();
        assertThat(Main.execute("explain", "--json", "--hex", "00 0e 38", "--otherwise", "127.0.0.1:3"))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "{\"file\": \"-\", \"protocol\": \"unrecognised\", \"sni\": null, \"alpn\": [], \"waits\":"
                                + " true, \"route\": null, \"backend\": null, \"ech\": false, \"host\": null,"
                                + " \"rdp-cookie\": null}",
                        "{\"file\": \"--hex\", \"protocol\": \"unrecognised\", \"sni\": null, \"alpn\": [], \"waits\":"
                                + " true, \"route\": \"otherwise\", \"backend\": \"127.0.0.1:3\", \"ech\": false,"
                                + " \"host\": null, \"rdp-cookie\": null}");
    }

    @Test
    void explainTakesWhatIsKnownInsteadOfBytes() {
        assertThat(Main.execute(
                        "explain",
                        "--sni",
                        "GIT.example.org.",
                        "--from",
                        "192.0.2.7",
                        "--tls",
                        "git.example.org=[::1]:3"))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("sni=git.example.org", "from=192.0.2.7", "takes it: [::1]:3");
    }

    @Test
    void explainJsonPrintsALineForEachFile() throws Exception {
        List<String> files;
        try (Stream<Path> paths = Files.list(CORPUS)) {
            files = paths.map(Path::toString)
                    .filter(name -> name.endsWith(".bin"))
                    .sorted()
                    .toList();
        }
        assertThat(Main.execute(Stream.concat(Stream.of("explain", "--json"), files.stream())
                        .toArray(String[]::new)))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSameSizeAs(files);
    }

    @Test
    void explainNamesEveryFileThatItCannotRead() {
        assertThat(Main.execute("explain", "none-1.bin", "none-2.bin")).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("none-1.bin: no such", "none-2.bin: no such");
    }
}
