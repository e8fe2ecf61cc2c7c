package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Script;
import dev.portshare.it.probe.Comparison;
import dev.portshare.it.probe.Probes;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever probes the port sees what the web server behind it would show: its bytes, its endings, its times. */
@Needs({"nginx", "openssl"})
class NoSeamsIT {
    private static final String WEB = """
        routes:
          - {name: web, to: "%s"}
        timeouts: {silent: 0s}
        """;

    @TempDir
    private static Path folder;

    private static Nginx nginx;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(folder, "client_header_timeout 2s;");
    }

    @AfterAll
    static void stop() {
        nginx.close();
    }

    @Test
    void inFrontOfNginxAloneItShowsNothingOfItsOwn() throws Exception {
        try (Portshare portshare = Portshare.routing(WEB.formatted(nginx.alpha()))) {
            assertThat(new Comparison(port(nginx.alpha()), portshare.port()).of("nginx", Probes.blind()))
                    .isEmpty();
        }
    }

    /** nginx answers to the first byte that is not TLS, this one waits for five, and nothing can be held back unnoticed. */
    @Test
    @Needs("python3")
    void inFrontOfAWebServerThatWaitsItShowsNothingOfItsOwn() throws Exception {
        try (Script server = new Script(
                        "tls-server.py",
                        folder.resolve("alpha.crt").toString(),
                        folder.resolve("alpha.key").toString());
                Portshare portshare = Portshare.routing(WEB.formatted("127.0.0.1:" + port(server.line("port "))))) {
            assertThat(new Comparison(port(server.line("port ")), portshare.port()).of("waiting", Probes.blind()))
                    .isEmpty();
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(1 + Math.max(address.lastIndexOf(':'), address.lastIndexOf(' '))));
    }
}
