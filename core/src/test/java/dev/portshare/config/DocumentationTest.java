package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/configuration.md says what the reader does. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void itsFirstExampleIsAValidFile() throws IOException, ConfigurationException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("```yaml\n") + "```yaml\n".length();
        String example = page.substring(start, page.indexOf("```", start));
        assertThat(RouteFile.parse("example", example, Path.of("")).routes()).hasSize(4);
    }

    @Test
    void hasARowForEveryKeyAndNoOther() throws IOException {
        List<String> rows = Files.readString(PAGE)
                .lines()
                .takeWhile(line -> !line.equals("## Addresses"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Stream.of(
                                RouteFile.KEYS.known().stream(),
                                ListenReader.KEYS.known().stream().map("listen."::concat),
                                ListenReader.PROXY_KEYS.known().stream().map("proxy-protocol."::concat),
                                DetectorReader.KEYS.known().stream().map("detector."::concat),
                                RouteReader.KEYS.known().stream().map("route."::concat),
                                TlsReader.KEYS.known().stream().map("tls."::concat),
                                TlsReader.IDENTITY_KEYS.known().stream().map("certificates."::concat),
                                TlsReader.CLIENT_KEYS.known().stream().map("client-certificates."::concat),
                                TargetReader.MEMBER.known().stream().map("to."::concat),
                                TargetReader.HEALTH.known().stream().map("health."::concat),
                                ConditionReader.KEYS.known().stream().map("when."::concat),
                                ConditionReader.INNER_KEYS.known().stream()
                                        .filter(key ->
                                                !ConditionReader.KEYS.known().contains(key))
                                        .map("then."::concat),
                                OpenVpnKeyReader.KEYS.known().stream().map("openvpn-key."::concat),
                                GateReader.KEYS.known().stream().map("gate."::concat),
                                RouteFile.TIMEOUT_KEYS.known().stream().map("timeouts."::concat),
                                MappingReader.KEYS.known().stream().map("mapped."::concat),
                                LimitsReader.KEYS.known().stream().map("limits."::concat),
                                LogReader.KEYS.known().stream().map("log."::concat),
                                LogReader.ROTATE_KEYS.known().stream().map("rotate."::concat),
                                AdminReader.KEYS.known().stream().map("admin."::concat))
                        .flatMap(keys -> keys)
                        .toList());
    }
}
