package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.config.Configuration;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Sources;
import dev.portshare.listen.ListenException;
import dev.portshare.os.User;
import dev.portshare.replay.ReplayMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the memory of packets is opened, where, and how long it stays. */
class PacketMemoryTest {
    private static final String FIRST =
            "listen: \"127.0.0.1:0\"\nstate-dir: ./first\nroutes: [{name: %s, to: reject}]\n";
    private static final String KEYED = FIRST.formatted("keyed");
    private static final String KEYLESS = FIRST.formatted("keyless");

    @TempDir
    private Path folder;

    private Path file;
    private PacketMemory memory;

    @BeforeEach
    void begin() {
        file = folder.resolve("portshare.yaml");
        memory = new ByRoute(Map.of());
    }

    @AfterEach
    void end() {
        memory.close();
    }

    /** Takes a configuration for one with keys by the name of its first route. */
    private static final class ByRoute extends PacketMemory {
        ByRoute(Map<String, String> environment) {
            super(environment);
        }

        @Override
        boolean isWanted(Configuration configuration) {
            return configuration.routes().getFirst().name().equals("keyed");
        }
    }

    private Configuration read(String yaml) throws Exception {
        Files.writeString(file, yaml);
        return RouteFile.read(file);
    }

    private Portshare bind(Configuration configuration) throws ListenException {
        return Portshare.bind(configuration, 1, _ -> {}, memory);
    }

    private void assertIsFree(String directory) throws IOException {
        ReplayMemory.open(folder.resolve(directory)).close();
    }

    private void assertIsInUse(String directory) {
        assertThatThrownBy(() -> ReplayMemory.open(folder.resolve(directory)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another process uses it");
    }

    private ReplayMemory opened(Configuration configuration) {
        return Objects.requireNonNull(memory.of(configuration));
    }

    @ParameterizedTest
    @CsvSource({
        "state-dir: ./own, ,                   own",
        "state-dir: ./own, first:second,       own",
        ",                 first,              first",
        ",                 first:second,       first"
    })
    void liesWhereTheRouteFileSaysOrElseTheServiceManager(String key, String passed, String expected) throws Exception {
        memory = new ByRoute(
                passed == null
                        ? Map.of()
                        : Map.of("STATE_DIRECTORY", folder + "/" + passed.replace(":", ":" + folder + "/")));
        memory.open(read(KEYED.replace("state-dir: ./first", key == null ? "" : key)));
        try (var made = Files.list(folder)) {
            assertThat(made).containsExactlyInAnyOrder(file, folder.resolve(expected));
        }
        assertIsInUse(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "':'"})
    void liesNowhereWhereNobodySays(String passed) throws Exception {
        memory = new ByRoute(Map.of("STATE_DIRECTORY", passed));
        Configuration configuration = read(KEYED.replace("state-dir: ./first", ""));
        assertThat(memory.open(configuration)).isTrue();
        assertThat(opened(configuration).isKept()).isFalse();
    }

    @Test
    void isNotOpenedWithoutKeys() throws Exception {
        try (Portshare portshare = bind(read(KEYLESS))) {
            portshare.serve();
            assertThat(folder.resolve("first")).doesNotExist();
        }
    }

    @Test
    void isOpenBeforeAClientIsAcceptedAndFreeAfterwards() throws Exception {
        try (Portshare portshare = bind(read(KEYED))) {
            assertThat(folder.resolve("first")).doesNotExist();
            portshare.serve();
            assertIsInUse("first");
        }
        assertIsFree("first");
    }

    @Test
    void aStartWithoutItFailsAndSaysWhatToDo() throws Exception {
        try (ReplayMemory _ = ReplayMemory.open(folder.resolve("first"));
                Portshare portshare = bind(read(KEYED))) {
            assertThatThrownBy(portshare::serve)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot use state-dir " + folder.resolve("first"));
        }
    }

    @Test
    void staysThroughReloads() throws Exception {
        Configuration keyed = read(KEYED);
        try (Portshare portshare = bind(keyed)) {
            portshare.serve();
            ReplayMemory first = opened(keyed);
            portshare.reload(keyed);
            Configuration keyless = read(KEYLESS);
            portshare.reload(keyless);
            assertThat(memory.of(keyless)).isNull();
            assertIsInUse("first");
            portshare.reload(keyed);
            assertThat(opened(keyed)).isSameAs(first);
        }
    }

    @Test
    void aReloadThatFirstBringsKeysOpensItOrIsRefusedWhole() throws Exception {
        try (Portshare portshare = bind(read(KEYLESS))) {
            portshare.serve();
            try (Reloading reloading =
                    new Reloading(portshare, file, new Sources(), ReloadParticipant.NONE, ReloadObserver.NONE)) {
                Files.writeString(file, KEYED);
                try (ReplayMemory _ = ReplayMemory.open(folder.resolve("first"))) {
                    assertThat(reloading.reload())
                            .isInstanceOfSatisfying(
                                    Reload.Refused.class,
                                    refused -> assertThat(refused.problems())
                                            .singleElement()
                                            .asString()
                                            .startsWith(
                                                    "cannot use state-dir " + folder.resolve("first") + ": another"));
                }
                assertThat(portshare.configuration().routes().getFirst().name()).isEqualTo("keyless");
                assertThat(reloading.reload()).isInstanceOf(Reload.Done.class);
                assertIsInUse("first");
            }
        }
    }

    @Test
    void aReloadThatIsRefusedForAnAddressLeavesItClosed() throws Exception {
        try (Portshare portshare = bind(read(KEYLESS))) {
            portshare.serve();
            Configuration wrong = read(KEYED.replace("127.0.0.1:0", "unix:" + file));
            assertThatThrownBy(() -> portshare.reload(wrong)).isInstanceOf(ListenException.class);
            assertIsFree("first");
            assertThat(memory.of(wrong)).isNull();
        }
    }

    @Test
    void anotherDirectoryTakesEffectAtTheNextStartAndThatIsSaid() throws Exception {
        try (Portshare portshare = bind(read(KEYED))) {
            portshare.serve();
            try (Reloading reloading =
                    new Reloading(portshare, file, new Sources(), ReloadParticipant.NONE, ReloadObserver.NONE)) {
                Files.writeString(file, KEYED.replace("./first", "./second"));
                assertThat(reloading.reload())
                        .isInstanceOfSatisfying(
                                Reload.Done.class,
                                done -> assertThat(done.warnings())
                                        .containsExactly(file
                                                + ": state-dir: what changed there takes effect when portshare"
                                                + " is started anew"));
                assertIsInUse("first");
                assertThat(folder.resolve("second")).doesNotExist();
                Files.writeString(file, KEYED);
                assertThat(reloading.reload())
                        .isInstanceOfSatisfying(
                                Reload.Done.class,
                                done -> assertThat(done.warnings()).isEmpty());
            }
        }
    }

    /** As whoever runs this, to whom anything that is his may be given. */
    @Test
    void isMadeForTheUserWhoPortshareWillBeUnlessItIsThere() throws Exception {
        User me = new User("me", uid("uid"), uid("gid"));
        Configuration configuration = read(KEYLESS);
        try (Portshare portshare = bind(configuration)) {
            portshare.prepareFor(me);
            assertThat(Files.getAttribute(folder.resolve("first"), "unix:mode")).isEqualTo(0040700);
            Files.setPosixFilePermissions(folder.resolve("first"), PosixFilePermissions.fromString("rwxr-x---"));
            portshare.prepareFor(me);
            assertThat(Files.getAttribute(folder.resolve("first"), "unix:mode")).isEqualTo(0040750);
        }
        try (Portshare portshare = bind(read(KEYLESS.replace("./first", "./a/b")))) {
            assertThatThrownBy(() -> portshare.prepareFor(me))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("install -d -m 0700 -o me " + folder.resolve("a/b"));
        }
    }

    private int uid(String attribute) throws IOException {
        return (int) Files.getAttribute(folder, "unix:" + attribute);
    }
}
