package dev.portshare.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portshare.session.ConnectionRecord;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs what the demo prints, as it is printed. */
@Timeout(30)
class PastedCommandsTest {
    private final BlockingQueue<ConnectionRecord> ended = new LinkedBlockingQueue<>();
    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        stage = Stage.open(0, ended::add, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @ParameterizedTest
    @CsvSource({
        "curl,    web,  You reached the web server",
        "openssl, blog, CONNECTION ESTABLISHED",
        "openvpn, vpn,  TLS: Initial packet from"
    })
    void eachCommandShowsItsRouteAndEndsByItself(String tool, String route, String shown) throws Exception {
        String command = stage.introduction()
                .lines()
                .filter(line -> line.matches(" {4}(curl|openssl|printf) .*") && line.contains(tool))
                .findFirst()
                .orElseThrow();
        assumeTrue(run("PATH=$PATH:/usr/sbin; command -v " + tool).startsWith("/"), tool + " is not installed");

        assertThat(run(command)).contains(shown);
        assertThat(ended.poll(10, TimeUnit.SECONDS))
                .extracting(ConnectionRecord::route)
                .isEqualTo(route);
    }

    private static String run(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-c", command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return output;
    }
}
