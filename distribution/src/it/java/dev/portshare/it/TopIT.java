package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Terminal;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code portshare top} in a terminal. */
@Needs({"python3", "stty"})
class TopIT {
    @TempDir
    private Path folder;

    private Path socket;
    private ServerSocket echo;
    private Portshare portshare;
    private Socket first;
    private Socket second;

    @BeforeEach
    void start() throws Exception {
        socket = folder.resolve("admin.sock");
        echo = Sockets.echo();
        portshare = Portshare.start(
                "--listen", "127.0.0.1:0", "--otherwise", at(echo), "--admin", socket.toString(), "--loops", "2");
        first = client();
        second = client();
    }

    private Socket client() throws IOException {
        Socket client = connect(portshare, PLAIN);
        client.getInputStream().readNBytes(PLAIN.length);
        return client;
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
        portshare.close();
        echo.close();
    }

    private void top(int rows, int columns, String steps) throws IOException {
        List<String> words = Portshare.words(List.of(), List.of("top", "--admin", socket.toString()));
        Terminal.run(rows, columns, steps, words).ok();
    }

    private static String source(Socket client) {
        return "127.0.0.1:" + client.getLocalPort();
    }

    @Test
    void itShowsConnectionsAndRoutesAndQuitsClean() throws Exception {
        top(24, 100, """
            see 2 live
            see %s .* otherwise .* %s
            see %s .* otherwise
            see by rate
            type 5
            see by client
            type \\x1b[C
            see by sni
            type r
            see (?m)^otherwise +2 +2
            type c
            see CLIENT
            type q
            exit 0
            restored
            """.formatted(source(first), at(echo), source(second)));
    }

    @Test
    void itFollowsTheSizeOfTheTerminal() throws Exception {
        top(24, 120, """
            see BACKEND
            size 10 72
            width 72
            miss BACKEND
            see AGE
            size 3 20
            width 20
            size 30 160
            see BACKEND
            type q
            exit 0
            restored
            """);
    }

    @Test
    void aSearchShowsWhatHasTheWords() throws Exception {
        top(24, 100, """
            see %1$s
            type /%1$s
            miss %2$s
            see search: %1$s_
            type \\r
            see 1 with "%1$s"
            see %1$s .* otherwise
            type q
            exit 0
            restored
            """.formatted(source(first), source(second)));
    }

    @Test
    void oneIsEndedWhenThatIsConfirmedAndNotBefore() throws Exception {
        top(24, 100, """
            see %1$s .* otherwise
            type 3
            see by age
            see (?s)%1$s .*%2$s
            type x
            see end connection \\d+ of %1$s to .*\\? y: yes, any other key: no
            type n
            see left alone
            see 2 live
            type j
            type x
            see end connection \\d+ of %2$s
            type y
            see ended \\d+
            see 1 live
            miss %2$s
            type q
            exit 0
            restored
            """.formatted(source(first), source(second)));
        assertThat(second.getInputStream().read()).isEqualTo(-1);
        assertThat(portshare.connection().get("close")).isEqualTo("killed");
        first.getOutputStream().write(PLAIN);
        assertThat(first.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
    }

    /** Ctrl-C, signals, and a terminal that nobody types at any more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "type \\x03\nexit 130\nrestored",
                "signal TERM\nexit 143\nrestored",
                "signal HUP\nexit 129\nrestored",
                "type \\x04\nexit 0\nrestored",
                "hang"
            })
    void whateverEndsItLeavesTheTerminalAsItWas(String end) throws Exception {
        top(24, 80, "see CLIENT\n" + end);
    }

    @Test
    void whereNobodyAnswersItDoesNotTouchTheTerminal() throws Exception {
        portshare.close();
        Command.Result gone = Portshare.run("top", "--admin", socket.toString());
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("nobody answers at " + socket);
    }

    @Test
    void withoutATerminalItNamesWhatNeedsNone() {
        Command.Result result = Command.of(
                        Portshare.words(List.of("setsid", "--wait"), List.of("top", "--admin", socket.toString())))
                .run();
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("portshare status");
        assertThat(result.out()).isEmpty();
    }
}
