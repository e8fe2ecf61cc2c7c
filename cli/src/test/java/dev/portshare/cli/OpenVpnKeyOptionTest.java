package dev.portshare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code --openvpn-key}, with packets of real clients. */
class OpenVpnKeyOptionTest {
    private static final Path KEYS = Path.of("../core/src/test/resources/openvpn-keys");
    private static final String WEB = "127.0.0.1:8443";

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        var vectors = (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(KEYS.resolve("vectors.json")));
        for (Map.Entry<?, ?> key : ((Map<?, ?>) vectors.get("keys")).entrySet()) {
            Path file = folder.resolve(key.getKey().toString());
            Files.writeString(file, ((Map<?, ?>) key.getValue()).get("text").toString());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(folder.resolve("crypt.conf"), "server 10.8.0.0 255.255.255.0\ntls-crypt ta.key\n");
        Files.writeString(folder.resolve("v2.conf"), "server 10.9.0.0 255.255.255.0\ntls-crypt-v2 v2-server.key\n");
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    /** In hexadecimal. */
    private static String packet(String mode) throws Exception {
        return Files.readAllLines(KEYS.resolve("packets.tsv")).stream()
                .filter(line -> line.startsWith(mode + "\t"))
                .map(line -> line.split("\t")[3])
                .findFirst()
                .orElseThrow();
    }

    private String explain(String hex) {
        printed.reset();
        List<String> words = new ArrayList<>(List.of("explain", "--json", "--hex", hex));
        words.addAll(List.of(
                "--openvpn",
                "127.0.0.1:1",
                "--openvpn-key",
                folder.resolve("crypt.conf").toString()));
        words.addAll(List.of(
                "--openvpn",
                "127.0.0.1:2",
                "--openvpn-key",
                folder.resolve("v2.conf").toString()));
        words.addAll(List.of("--otherwise", WEB));
        assertThat(Main.execute(words.toArray(String[]::new))).isZero();
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachServerGetsThoseWhoHoldItsKeyAndTheRestIsForTheWebServer() throws Exception {
        assertThat(explain(packet("tls-crypt")))
                .contains("\"route\": \"openvpn\", \"backend\": \"127.0.0.1:1\"", "\"openvpn-key\": \"tls-crypt\"");
        assertThat(explain(packet("tls-crypt-v2")))
                .contains(
                        "\"route\": \"openvpn-2\", \"backend\": \"127.0.0.1:2\"",
                        "\"openvpn-key\": \"tls-crypt-v2\"",
                        "\"openvpn-client\": \"");
        assertThat(explain(packet("tls-auth"))).contains("\"backend\": \"" + WEB + "\"");
        String wrong = packet("tls-crypt").replaceFirst("..$", "00");
        assertThat(explain(wrong))
                .contains("\"protocol\": \"openvpn\"", "\"waits\": false", "\"backend\": \"" + WEB + "\"");
        assertThat(explain("000e38")).contains("\"waits\": false");
        assertThat(explain("003638")).contains("\"waits\": true");
    }

    @Test
    void withoutJsonTheProofIsShownAndWhyThereIsNone() throws Exception {
        String conf = folder.resolve("crypt.conf").toString();
        for (String hex : List.of(packet("tls-crypt"), packet("tls-crypt").replaceFirst("..$", "00"))) {
            Main.execute(
                    "explain", "--hex", hex, "--openvpn", "127.0.0.1:1", "--openvpn-key", conf, "--otherwise", WEB);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "openvpn-key=tls-crypt openvpn-time=2026-",
                        "route openvpn no: no openvpn-key has made this packet",
                        "openvpn, by its shape yes");
    }

    @Test
    void mistakesAreNamed() {
        assertThat(Main.execute(
                        "--openvpn-key",
                        folder.resolve("crypt.conf").toString(),
                        "--openvpn",
                        "127.0.0.1:1",
                        "--openvpn-key",
                        folder.resolve("ta.key").toString(),
                        "--openvpn-key",
                        folder.resolve("none.conf").toString(),
                        "--listen",
                        "127.0.0.1:0"))
                .isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains(
                        "crypt.conf: write it behind the --openvpn BACKEND that it is of",
                        "ta.key: this is a key, and no server's configuration",
                        "none.conf: no such file");
    }

    /** The first would get all that the second is for. */
    @Test
    void twoServersNeedKeys() {
        assertThat(Main.execute("--listen", "127.0.0.1:0", "--openvpn", "127.0.0.1:1", "--openvpn", "127.0.0.1:2"))
                .isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("--openvpn is given twice");
    }
}
