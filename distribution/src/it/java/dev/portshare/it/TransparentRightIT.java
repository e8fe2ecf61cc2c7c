package dev.portshare.it;

import static dev.portshare.it.harness.ThreeMachines.CLIENT;
import static dev.portshare.it.harness.ThreeMachines.MIDDLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.ThreeMachines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code source: transparent} may, as whom, and what is said where it may not. */
@Needs({"netns", "python3", "setpriv"})
class TransparentRightIT {
    private static final String USER = "nobody";
    private static final String NET_RAW = "0000000000002000";
    private static final String NONE = "0000000000000000";

    private static final String TRANSPARENT = """
        listen: 8443
        routes:
          - {name: web4, when: {from: 0.0.0.0/0}, to: "127.0.0.1:80", source: transparent}
          - {name: web6, to: "[::1]:80", source: transparent}
        """;

    private static final String PLAIN = TRANSPARENT.replace(", source: transparent", "");

    /** One that the user reaches: temporary folders of tests are only root's. */
    private Path folder;

    private Path routes;
    private ThreeMachines machines;
    /** One that no connection of before waits on. */
    private int port = 40001;

    @BeforeEach
    void connect() throws IOException {
        folder = Files.createTempDirectory(Path.of("/var/tmp"), "portshare");
        Command.of("chmod", "0755", folder.toString()).run().ok();
        routes = folder.resolve("portshare.yaml");
        machines = new ThreeMachines(folder);
        machines.leadLoopbackHere();
        machines.tellFrom(machines.middle(), "127.0.0.1", 80);
        machines.tellFrom(machines.middle(), "::1", 80);
    }

    @AfterEach
    void close() {
        machines.close();
        Command.of("rm", "-rf", folder.toString()).run().ok();
    }

    /** Another user with these capabilities alone, and one for reading: the tests may run in a folder that only root can read. */
    private List<String> unprivileged(String capabilities) {
        List<String> words = new ArrayList<>(machines.middle().prefix());
        String set = "-all,+dac_read_search" + capabilities;
        words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=" + set));
        words.addAll(List.of("--inh-caps=" + set, "--ambient-caps=" + set));
        return words;
    }

    private Portshare portshare(List<String> prefix, String yaml, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("--config", write(yaml)));
        words.addAll(List.of(options));
        return Portshare.under(prefix, words.toArray(String[]::new));
    }

    private String write(String yaml) throws IOException {
        return Files.writeString(routes, yaml).toString();
    }

    /** Whether clients of both families are seen as they are. */
    private void assertTransparent(boolean isTransparent) throws IOException {
        for (int family = 0; family < 2; family++) {
            port++;
            String client = CLIENT.get(family) + " " + port + " ";
            String seen = machines.ask(machines.clients(), CLIENT.get(family), port, MIDDLE.get(family), "8443")
                    .getFirst();
            if (isTransparent) {
                assertThat(seen).isEqualTo(client + client.strip());
            } else {
                assertThat(seen).startsWith(client + (family == 0 ? "127.0.0.1 " : "::1 "));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",+net_raw", ",+net_admin"})
    void oneOfTwoCapabilitiesIsEnoughForAnyUser(String capability) throws Exception {
        try (Portshare portshare = portshare(unprivileged(capability), TRANSPARENT)) {
            assertTransparent(true);
            assertThat(portshare.reload()).contains("INFO reloaded");
            assertTransparent(true);
        }
    }

    @Test
    void withoutOneItDoesNotStartAndSaysWhatToDo() throws Exception {
        Command.Result result = Command.of(Portshare.words(unprivileged(""), List.of("--config", write(TRANSPARENT))))
                .run();
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("portshare: source: transparent takes the capability CAP_NET_RAW (or CAP_NET_ADMIN), which"
                        + " portshare does not have (setsockopt() failed: ")
                .contains("): under systemd, put share/portshare/transparent.conf into")
                .hasLineCount(1);
        assertThat(result.out()).doesNotContain("listening on");
    }

    @Test
    void withoutOneAReloadIsRefusedAndWhatIsInForceStays() throws Exception {
        try (Portshare portshare = portshare(unprivileged(""), PLAIN)) {
            assertTransparent(false);
            write(TRANSPARENT);
            assertThat(portshare.reload()).contains("WARN reload refused");
            portshare.line("source: transparent takes the capability CAP_NET_RAW");
            assertTransparent(false);
            write(PLAIN.replace("web", "site"));
            assertThat(portshare.reload()).contains("INFO reloaded");
            assertTransparent(false);
        }
    }

    @Test
    void whatRootStartsKeepsItForAnotherUserAndNothingElse() throws Exception {
        try (Portshare portshare = portshare(machines.middle().prefix(), TRANSPARENT, "--user", USER)) {
            assertTransparent(true);
            assertThat(portshare.reload()).contains("INFO reloaded");
            assertTransparent(true);
            assertThat(capabilities(portshare, "loop-")).containsExactly(NET_RAW);
            assertThat(capabilities(portshare, "")).containsExactly(NONE, NET_RAW);
        }
    }

    @Test
    void whatRootStartsForAnotherUserGivesItUpWithoutSuchARoute() throws Exception {
        try (Portshare portshare = portshare(machines.middle().prefix(), PLAIN, "--user", USER)) {
            assertTransparent(false);
            assertThat(capabilities(portshare, "")).containsExactly(NONE);
            write(TRANSPARENT);
            assertThat(portshare.reload()).contains("WARN reload refused");
            portshare.line("--user keeps it");
            assertTransparent(false);
        }
    }

    /** Those of the threads whose names begin with {@code name}. */
    private static Set<String> capabilities(Portshare portshare, String name) throws IOException {
        Set<String> capabilities = new TreeSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + portshare.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                List<String> lines = Files.readAllLines(thread.resolve("status"));
                if (lines.getFirst().startsWith("Name:\t" + name)) {
                    lines.stream()
                            .filter(line -> line.matches("Cap(Prm|Eff):.*"))
                            .forEach(line -> capabilities.add(line.substring("CapEff:\t".length())));
                    assertThat(lines).contains("CapInh:\t" + NONE, "CapAmb:\t" + NONE, "NoNewPrivs:\t1");
                }
            }
        }
        return capabilities;
    }
}
