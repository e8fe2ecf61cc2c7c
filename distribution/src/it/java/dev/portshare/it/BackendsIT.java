package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nginx behind one route: curl notices nothing of one that ends, or is taken out. */
class BackendsIT {
    private static final int REQUESTS = 8;

    @TempDir
    private Path folder;

    private Path socket;
    private Nginx one;
    private Nginx two;
    private Portshare portshare;

    @BeforeEach
    void startServers() throws Exception {
        one = new Nginx(Files.createDirectory(folder.resolve("one")));
        two = new Nginx(Files.createDirectory(folder.resolve("two")));
    }

    /** With {@code rest} in the route. */
    private void start(String rest) throws Exception {
        socket = folder.resolve("admin.sock");
        Path file = folder.resolve("portshare.yaml");
        Files.writeString(file, """
            listen: 127.0.0.1:0
            routes:
              - {name: web, to: ["%s", "%s"]%s}
            admin: {socket: %s}
            """.formatted(one.alpha(), two.alpha(), rest, socket));
        portshare = Portshare.start("--config", file.toString());
        portshare.line(" listening on ");
    }

    @AfterEach
    void stop() {
        try (Nginx _ = one;
                Nginx _ = two;
                Portshare _ = portshare) {}
    }

    private Command.Result command(String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--admin";
        all[words.length + 1] = socket.toString();
        return Portshare.run(all);
    }

    /** Requests that all succeed; how many each backend got. */
    private Map<String, Integer> requests() throws Exception {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            Command.Result result = two.curl("127.0.0.1", portshare.port(), Nginx.ALPHA, "/who", "--insecure")
                    .run();
            assertThat(result.exit()).as(result::toString).isZero();
            counts.merge(portshare.connection().get("backend"), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void oneEnds() throws Exception {
        start("");
        assertThat(requests()).containsEntry(one.alpha(), REQUESTS / 2).containsEntry(two.alpha(), REQUESTS / 2);
        one.end();
        assertThat(requests()).containsOnlyKeys(two.alpha());
        assertThat(portshare.line("backend " + one.alpha() + " is down"))
                .endsWith("is down: backend-refused, 3 failures in a row; tried again after 1000 ms");
        assertThat(command("status").ok().out())
                .contains("backends     1 of 2 get connections: portshare routes tells of the others");
        assertThat(command("routes").ok().out())
                .containsPattern(one.alpha() + " +down: backend-refused")
                .containsPattern(two.alpha() + " +up");
    }

    @Test
    void oneIsTakenOut() throws Exception {
        start(", balance: least-connections");
        assertThat(command("drain", one.alpha()).ok().out())
                .isEqualTo(one.alpha() + " gets no new connections; no live connection is left\n");
        assertThat(requests()).containsOnlyKeys(two.alpha());
        assertThat(command("drain", two.alpha()).err()).contains("no other backend");
        assertThat(command("routes").ok().out()).containsPattern(one.alpha() + " +drained");
        assertThat(command("drain", "--undo", one.alpha()).ok().out()).contains("gets new connections again");
        assertThat(requests()).containsOnlyKeys(one.alpha(), two.alpha());
        assertThat(command("drain", "127.0.0.1:1").exit()).isEqualTo(1);
        assertThat(command("drain", "--undo").exit()).isEqualTo(2);
    }

    @Test
    void aCheckNoticesBeforeAnyClient() throws Exception {
        start(", health: {check: tcp, every: 200ms, failures: 2}");
        one.end();
        assertThat(portshare.line("backend " + one.alpha() + " is down"))
                .contains("check: Connection refused, 2 failures in a row");
        assertThat(requests()).containsOnlyKeys(two.alpha());
    }
}
