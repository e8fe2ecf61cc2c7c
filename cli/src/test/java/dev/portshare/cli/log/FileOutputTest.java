package dev.portshare.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.portshare.telemetry.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOutputTest {
    @TempDir
    private Path folder;

    private Path path;
    private final List<String> complaints = new ArrayList<>();
    private FileOutput output;

    @BeforeEach
    void name() {
        path = folder.resolve("p.log");
    }

    @AfterEach
    void close() {
        if (output != null) {
            output.close();
        }
    }

    private void open(Path file, LogFile.Rotation rotation) throws IOException {
        output = FileOutput.open(new LogFile(file, rotation), complaints::add);
    }

    private void write(String lines) throws IOException {
        output.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The files in the folder, and what they contain. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }

    @Test
    void goesOnBehindWhatIsThere() throws IOException {
        Files.writeString(path, "old\n");
        open(path, null);
        write("new\n");
        assertThat(files()).isEqualTo(Map.of("p.log", "old\nnew\n"));
    }

    @Test
    void othersMayNotReadIt() throws IOException {
        open(path, null);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .endsWith("---")
                .startsWith("rw-");
    }

    @Test
    void isRotatedBeforeItGrowsTooLargeAndKeepsSoMany() throws IOException {
        open(path, new LogFile.Rotation(8, 2));
        for (String lines : List.of("a1\na2\n", "b1\n", "c1\nc2\n", "d1\nd2\nd3\n", "e1\n")) {
            write(lines);
        }
        assertThat(files())
                .isEqualTo(Map.of("p.log", "e1\n", "p.log.1", "d1\nd2\nd3\n", "p.log.2", "b1\nc1\nc2\n".substring(3)));
        assertThat(complaints).isEmpty();
    }

    @Test
    void fewerToKeepRemovesTheRest() throws IOException {
        for (int i = 1; i <= 5; i++) {
            Files.writeString(folder.resolve("p.log." + i), i + "\n");
        }
        Files.writeString(path, "0\n");
        open(path, new LogFile.Rotation(3, 2));
        write("new\n");
        assertThat(files()).isEqualTo(Map.of("p.log", "new\n", "p.log.1", "0\n", "p.log.2", "1\n"));
    }

    @Test
    void whoeverMovesItAwayGetsNoFurtherLine() throws IOException {
        open(path, null);
        write("a\n");
        Files.move(path, folder.resolve("moved"));
        write("b\n");
        assertThat(files()).isEqualTo(Map.of("moved", "a\n", "p.log", "b\n"));
        Files.delete(path);
        write("c\n");
        assertThat(files()).isEqualTo(Map.of("moved", "a\n", "p.log", "c\n"));
    }

    @Test
    void aFileThatWasMovedIsLetGoOf() throws IOException {
        open(path, null);
        Path moved = folder.resolve("moved");
        Files.move(path, moved);
        output.follow();
        assertThat(files()).isEqualTo(Map.of("moved", "", "p.log", ""));
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(descriptors.filter(fd -> leadsTo(fd, moved))).isEmpty();
        }
    }

    private static boolean leadsTo(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
        } catch (IOException e) {
            return false; // Closed meanwhile.
        }
    }

    @Test
    void whoeverEmptiesItDoesNoHarm() throws IOException {
        open(path, new LogFile.Rotation(8, 2));
        write("a1\na2\n");
        Files.writeString(path, "");
        write("b1\nb2\n");
        assertThat(files()).isEqualTo(Map.of("p.log", "b1\nb2\n"));
    }

    @Test
    void whatCannotBeRotatedGrowsAndIsComplainedOfOnce() throws IOException {
        Path inTheWay = Files.createDirectories(folder.resolve("p.log.1/x")).getParent();
        open(path, new LogFile.Rotation(64, 1));
        for (int i = 0; i < 4; i++) {
            write("x".repeat(62) + i + "\n");
        }
        assertThat(Files.readAllLines(path)).hasSize(4);
        assertThat(complaints).singleElement().asString().startsWith("cannot rotate " + path + ": ");
        Files.delete(inTheWay.resolve("x"));
        Files.delete(inTheWay);
        write("new\n");
        assertThat(files()).containsEntry("p.log", "new\n").containsOnlyKeys("p.log", "p.log.1");
        assertThat(complaints).hasSize(1);
    }

    @Test
    void aMoveThatFailsDoesNotPushOutOldFiles() throws IOException {
        Files.writeString(folder.resolve("p.log.2"), "2\n");
        Files.createDirectories(folder.resolve("p.log.1/x"));
        open(path, new LogFile.Rotation(4, 3));
        for (int i = 0; i < 5; i++) {
            write("abc\n");
        }
        // The directory is moved on as a file would be: once.
        assertThat(files()).containsKey("p.log");
        assertThat(folder.resolve("p.log.3")).hasContent("2\n");
    }

    @Test
    void whatCannotBeMadeAnewGoesIntoTheFileThatWasThere() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        open(inner.resolve("p.log"), null);
        write("a\n");
        Path moved = folder.resolve("moved");
        Files.move(inner, moved);
        write("b\n");
        write("c\n");
        assertThat(moved.resolve("p.log")).hasContent("a\nb\nc\n");
        assertThat(complaints).singleElement().asString().contains("anew: no such folder");
        Files.createDirectory(inner);
        write("d\n");
        assertThat(inner.resolve("p.log")).hasContent("d\n");
    }

    @Test
    void aDeviceThatIsFullSaysSo() throws IOException {
        open(Path.of("/dev/full"), new LogFile.Rotation(64, 1));
        assertThatIOException()
                .isThrownBy(() -> write("a\n"))
                .withMessage("cannot write to /dev/full: No space left on device");
    }

    @Test
    void whatCannotBeOpenedIsExplained() throws Exception {
        assertThatIOException()
                .isThrownBy(() -> open(folder.resolve("no/p.log"), null))
                .withMessageMatching("cannot open the log file .*/no/p.log: no such folder; make it, owned by user .*");
        assertThatIOException()
                .isThrownBy(() -> open(folder, null))
                .withMessageContaining(": neither a file nor a device; ");
        new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
        assertThatIOException()
                .isThrownBy(() -> open(path, null))
                .withMessageContaining(": neither a file nor a device; ");
    }
}
