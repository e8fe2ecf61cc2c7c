package dev.portshare.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeptMemoryTest {
    private static final int SIZE = 64 + 65_536 * 16;

    @TempDir
    private Path parent;

    private Path directory() {
        return parent.resolve("state");
    }

    private Path file() {
        return directory().resolve("openvpn-packets");
    }

    private Path broken() {
        return directory().resolve("openvpn-packets.broken");
    }

    @Test
    void makesItsDirectoryForNobodyElse() throws IOException {
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        assertThat(file()).hasSize(SIZE);
    }

    @Test
    void twiceTheRingRestartsAndKnowsTheLast() throws IOException {
        int count = 3 * 65_536;
        for (int start = 0; start < count; start += 49_152) {
            try (ReplayMemory memory = open()) {
                assertThat(memory.warning()).isNull();
                for (int number = start; number < start + 49_152; number++) {
                    assertThat(Tags.add(memory, number)).isTrue();
                }
            }
        }
        try (ReplayMemory memory = open()) {
            for (int number = count - 65_536; number < count; number++) {
                assertThat(Tags.add(memory, number)).isFalse();
            }
            assertThat(Tags.add(memory, count - 65_537)).isTrue();
        }
    }

    /** What add has returned for is known afterwards, whenever the process is killed. */
    @Test
    void outlivesAProcessThatIsKilled() throws Exception {
        long next = 0;
        for (int kills = 0; kills < 4; kills++) {
            long last = addUntilKilled(next, next + 300 + 211 * kills);
            try (ReplayMemory memory = open()) {
                assertThat(memory.warning()).isNull();
                for (long number = 0; number <= last; number++) {
                    assertThat(Tags.add(memory, number))
                            .as("%d of %d", number, last)
                            .isFalse();
                }
                // One more may have been added and not been said.
                assertThat(Tags.add(memory, last + 2)).isTrue();
                memory.remove(Tags.high(last + 2), Tags.low(last + 2));
            }
            next = last + 1;
        }
    }

    /** The last number that the process has said. */
    private long addUntilKilled(long from, long atLeast) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        location(ReplayMemory.class) + File.pathSeparator + location(Adding.class),
                        Adding.class.getName(),
                        directory().toString(),
                        Long.toString(from))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long last = -1;
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null) {
                last = Long.parseLong(line);
                if (last == atLeast) {
                    assertThatThrownBy(this::open).hasMessageContaining("another process uses it");
                    process.toHandle().destroyForcibly(); // SIGKILL; what it has written stays to be read
                }
                line = readWhole(output);
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        assertThat(last).isGreaterThanOrEqualTo(atLeast);
        return last;
    }

    /** A line with its end; null at the end, also in the midst of a line. */
    private static String readWhole(BufferedReader output) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = output.read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = output.read();
        }
        return next < 0 ? null : line.toString();
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    static Stream<Arguments> brokenFiles() {
        byte[] good = new byte[SIZE];
        ByteBuffer.wrap(good)
                .putLong(0x706f727473685250L)
                .putInt(1)
                .putInt(65_536)
                .putInt(17);
        return Stream.of(
                Arguments.of("empty", new byte[0], "is none of portshare's"),
                Arguments.of("one byte", new byte[1], "is none of portshare's"),
                Arguments.of("half a header", Arrays.copyOf(good, 32), "is none of portshare's"),
                Arguments.of("zeros", new byte[SIZE], "is none of portshare's"),
                Arguments.of("text", "dear diary\n".repeat(100_000).getBytes(), "is none of portshare's"),
                Arguments.of("a header alone", Arrays.copyOf(good, 64), "is broken"),
                Arguments.of("cut in a slot", Arrays.copyOf(good, SIZE - 7), "is broken"),
                Arguments.of("a byte too long", Arrays.copyOf(good, SIZE + 1), "is broken"),
                Arguments.of("next beyond", with(good, 16, 65_536), "is broken"),
                Arguments.of("next negative", with(good, 16, -1), "is broken"),
                Arguments.of("version 2", with(good, 8, 2), "is one of another version of portshare"),
                Arguments.of("of other size", with(good, 12, 1024), "is one of another version of portshare"));
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).putInt(at, value);
        return changed;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenFiles")
    void setsABrokenFileAsideAndSaysSo(String what, byte[] bytes, String flaw) throws IOException {
        Files.createDirectory(directory());
        Files.write(file(), bytes);
        Files.writeString(broken(), "of the time before");
        try (ReplayMemory memory = open()) {
            assertThat(memory.warning())
                    .startsWith(file() + " " + flaw + ": it was moved to " + broken() + ",")
                    .doesNotContain("\n");
            assertThat(Tags.add(memory, 1)).isTrue();
        }
        assertThat(broken()).hasBinaryContent(bytes);
        try (ReplayMemory memory = open()) {
            assertThat(memory.warning()).isNull();
            assertThat(Tags.add(memory, 1)).isFalse();
        }
    }

    @Test
    void whatIsNoFileIsSetAsideAndNoLinkIsFollowed() throws IOException {
        Files.createDirectories(file());
        try (ReplayMemory memory = open()) {
            assertThat(memory.warning()).startsWith(file() + " is no file: ");
        }
        assertThat(broken()).isDirectory();
        Path other = Files.writeString(parent.resolve("other"), "precious");
        Files.delete(file());
        Files.createSymbolicLink(file(), other);
        try (ReplayMemory memory = open()) {
            assertThat(memory.warning()).startsWith(file() + " is no file: ");
        }
        assertThat(other).hasContent("precious");
        Files.delete(directory().resolve("lock"));
        Files.createSymbolicLink(directory().resolve("lock"), parent.resolve("nowhere"));
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory().resolve("lock") + ": a symbolic link.");
        assertThat(parent.resolve("nowhere")).doesNotExist();
    }

    /** One that was begun when the process was killed is begun again, without a word. */
    @Test
    void aFileThatWasBegunIsNoBrokenOne() throws IOException {
        Files.createDirectory(directory());
        Files.write(directory().resolve("openvpn-packets.new"), new byte[100]);
        try (ReplayMemory memory = open()) {
            assertThat(memory.warning()).isNull();
        }
        assertThat(directory().resolve("openvpn-packets.new")).doesNotExist();
    }

    /** A loss of power writes pages of before and after: whatever the slots hold, each tag costs itself alone. */
    @Test
    void tornSlotsHarmNoOther() throws IOException {
        try (ReplayMemory memory = open()) {
            for (int number = 0; number < 10; number++) {
                Tags.add(memory, number);
            }
        }
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 64 + 9 * 16 + 5, 64 + 10 * 16, (byte) 0); // half of the last
        System.arraycopy(bytes, 64 + 3 * 16, bytes, 64 + 20 * 16, 16); // one twice
        Files.write(file(), with(bytes, 16, 7)); // of before
        try (ReplayMemory memory = open()) {
            assertThat(memory.warning()).isNull();
            for (int number = 0; number < 9; number++) {
                assertThat(Tags.add(memory, number)).as("%d", number).isFalse();
            }
            assertThat(Tags.add(memory, 9)).isTrue();
            memory.remove(Tags.high(3), Tags.low(3));
        }
        try (ReplayMemory memory = open()) {
            assertThat(Tags.add(memory, 3)).isTrue();
            for (int number = 100; number < 100 + 65_535; number++) {
                assertThat(Tags.add(memory, number)).isTrue();
            }
            assertThat(Tags.add(memory, 3)).isFalse();
        }
    }

    @Test
    void isOneProcessesAloneUntilItIsClosed() throws IOException {
        ReplayMemory first = open();
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot use state-dir " + directory() + ": another process uses it.");
        first.close();
        open().close();
    }

    @Test
    void saysWhatToDoWhereTheDirectoryCannotBeUsed() throws IOException {
        assertThatThrownBy(() -> ReplayMemory.open(parent.resolve("a/b")))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot use state-dir " + parent.resolve("a/b")
                        + ": no such directory, and it cannot be made: there is no " + parent.resolve("a")
                        + " either. Make it, or name another.");
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> ReplayMemory.open(file))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot use state-dir " + file + ": it is no directory. Name one that portshare may write to.");
        assertThatThrownBy(() -> ReplayMemory.open(Path.of("/proc/portshare")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot use state-dir /proc/portshare: ");
    }

    private ReplayMemory open() throws IOException {
        return ReplayMemory.open(directory());
    }
}
