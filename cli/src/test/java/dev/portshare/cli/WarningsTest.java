package dev.portshare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.Configuration;
import dev.portshare.config.RouteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarningsTest {
    private static final String ROUTES = """
        listen: 443
        routes:
          - {name: tls, when: {protocol: tls}, to: "127.0.0.1:1"}
          - {name: "tls.b", when: {sni: [b.a.org, a.org]}, to: "127.0.0.1:1"}
        """;

    @Test
    void ofOptionsSpeakOfNamesAlone() throws Exception {
        Configuration configuration = RouteFile.parse("r.yaml", ROUTES, Path.of(""));
        assertThat(Warnings.of(null, configuration))
                .containsExactly(
                        "tls.b: can never be reached: tls takes all it would; write it before tls, or leave it out");
    }

    @Test
    void ofAFileSayWhereItStands(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("r.yaml"), ROUTES);
        assertThat(Warnings.of(file, RouteFile.read(file)))
                .singleElement()
                .asString()
                .startsWith(file + ":4:5: warning: routes[1]: can never be reached: routes[0] (tls) takes");
    }
}
