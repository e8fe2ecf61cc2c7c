package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log in a file: each line is in one of its files, whole and once, whatever happens to them. */
class LogFileIT {
    private static final Pattern LINE = Pattern.compile(
            "\\d{4}-\\S+ (INFO|WARN) (listening on .*|stopp.*|reload.*|portshare was started.*|\\d+ lines lost:"
                    + " .*|id=(\\d+) src=\\S+ .* close=\\S+)");

    @TempDir
    private Path folder;

    private Process process;
    private int port;

    private void start(List<String> prefix, String log) throws IOException {
        // Nothing tells which port the kernel would choose: that stands in the log.
        port = Sockets.freePort();
        Path routes = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 127.0.0.1:%d
            routes: [{name: no, to: reject}]
            log: {%s}
            """.formatted(port, log));
        process = new ProcessBuilder(Portshare.words(prefix, List.of("--config", routes.toString(), "--loops", "1")))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        await().atMost(Portshare.PATIENCE).until(() -> {
            assertThat(process.isAlive()).as(err()).isTrue();
            return isServed();
        });
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private boolean isServed() throws IOException {
        try (Socket client = Sockets.connect("127.0.0.1", port)) {
            client.getOutputStream().write(PLAIN);
            return client.getInputStream().read() == -1;
        } catch (java.net.ConnectException _) {
            return false;
        }
    }

    private void connect(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(isServed()).isTrue();
        }
    }

    private void reload() {
        Command.of("bash", "-c", "kill -HUP " + process.pid()).run().ok();
    }

    private void stop() throws Exception {
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("out")).isEmptyFile();
    }

    /** Every line of the files whose name begins with {@code name}. */
    private List<MatchResult> lines(Path folder, String name) throws IOException {
        List<MatchResult> lines = new ArrayList<>();
        for (Path file : files(folder, name)) {
            String text = Files.readString(file);
            assertThat(text.isEmpty() || text.endsWith("\n"))
                    .as(file.toString())
                    .isTrue();
            text.lines().forEach(line -> {
                var matcher = LINE.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                lines.add(matcher.toMatchResult());
            });
        }
        return lines;
    }

    private static List<Path> files(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .sorted()
                    .toList();
        }
    }

    private static List<Long> connections(List<MatchResult> lines) {
        return lines.stream()
                .filter(line -> line.group(3) != null)
                .map(line -> Long.valueOf(line.group(3)))
                .sorted()
                .toList();
    }

    private static String path(Process process, Path path) {
        return "/proc/" + process.pid() + "/root" + path;
    }

    @Test
    void aFileIsRotatedUnderLoad() throws Exception {
        start(List.of(), "file: ./p.log, rotate: {size: 64KiB, keep: 999}");
        connect(2999);
        stop();
        List<Path> files = files(folder, "p.log");
        assertThat(files)
                .hasSizeGreaterThan(5)
                .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(64 * 1024));
        List<Long> connections = connections(lines(folder, "p.log"));
        assertThat(connections).hasSize(3000).doesNotHaveDuplicates();
    }

    @Test
    @Needs("logrotate")
    void logrotateMovesItAndSendsHup() throws Exception {
        start(List.of(), "file: ./p.log");
        Path rules = Files.writeString(folder.resolve("rules"), """
            %s/p.log {
                rotate 9
                nocreate
                postrotate
                    kill -HUP %d
                endscript
            }
            """.formatted(folder, process.pid()));
        // Logrotate wants to know that nobody else can write its rules.
        Command.of("chmod", "0644", rules.toString()).run().ok();
        AtomicBoolean ends = new AtomicBoolean();
        CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> {
            int count = 0;
            try {
                for (; !ends.get(); count++) {
                    connect(1);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return count;
        });
        for (int i = 1; i <= 5; i++) {
            Command.of("logrotate", "--force", "--state", folder + "/state", rules.toString())
                    .run()
                    .ok();
            await().atMost(Portshare.PATIENCE).until(() -> Files.exists(folder.resolve("p.log")));
        }
        ends.set(true);
        int count = load.get();
        await().atMost(Portshare.PATIENCE).until(() -> {
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
                return descriptors.filter(LogFileIT::isLog).count() == 1;
            }
        });
        stop();
        assertThat(files(folder, "p.log")).hasSize(6);
        assertThat(connections(lines(folder, "p.log"))).hasSize(1 + count).doesNotHaveDuplicates();
    }

    private static boolean isLog(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).getFileName().toString().startsWith("p.log");
        } catch (IOException _) {
            return false; // Closed meanwhile.
        }
    }

    /** Nobody connects, so no line is written: without HUP the file that was moved would stay open. */
    @Test
    void atHupAFileThatWasMovedIsLetGoOf() throws Exception {
        start(List.of(), "file: ./p.log");
        Path file = folder.resolve("p.log");
        await().atMost(Portshare.PATIENCE).until(() -> Files.readString(file).contains("close=rejected"));
        Files.move(file, folder.resolve("moved"));
        reload();
        await().atMost(Portshare.PATIENCE).until(() -> Files.exists(file));
        stop();
        assertThat(connections(lines(folder, "moved"))).hasSize(1);
        assertThat(connections(lines(folder, "p.log"))).isEmpty();
    }

    @Test
    void aReloadChangesTheLogOrIsRefusedWhole() throws Exception {
        start(List.of(), "file: ./p.log");
        Path routes = folder.resolve("portshare.yaml");
        String before = Files.readString(routes);
        Files.writeString(
                routes, before.replace("{file: ./p.log}", "{file: ./new.log, format: json, anonymize: 24/48}"));
        reload();
        Path log = folder.resolve("new.log");
        await().atMost(Portshare.PATIENCE)
                .until(() -> Files.exists(log) && Files.readString(log).contains("\"message\":\"reloaded "));
        connect(1);
        await().atMost(Portshare.PATIENCE)
                .until(() -> Files.readString(log).contains("\"id\":1,\"src\":\"127.0.0.0/24\","));
        Files.writeString(routes, before.replace("{file: ./p.log}", "{file: ./no/p.log}"));
        reload();
        await().atMost(Portshare.PATIENCE)
                .until(() -> Files.readString(log)
                        .contains("\"message\":\"cannot open the log file " + folder + "/no/p.log: no such folder; "));
        connect(1);
        stop();
        assertThat(Files.readString(log)).contains("\"id\":2,");
        assertThat(connections(lines(folder, "p.log"))).isEqualTo(List.of(0L));
    }

    /** A file system of its own, which the program alone sees. */
    @Test
    @Needs({"root", "unshare"})
    void aFullDiskHoldsUpNothingAndTheLinesAreCounted() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        start(
                List.of(
                        "unshare",
                        "--mount",
                        "bash",
                        "-c",
                        "mount -t tmpfs -o size=128k none " + disk + " && dd if=/dev/zero of=" + disk
                                + "/filler bs=1k count=64 status=none && exec \"$@\"",
                        "bash"),
                "file: ./disk/p.log");
        Path inside = Path.of(path(process, disk));
        connect(999);
        await().atMost(Portshare.PATIENCE).until(() -> err().contains("No space left on device"));
        assertThat(isServed()).isTrue();
        Files.delete(inside.resolve("filler"));
        await().atMost(Portshare.PATIENCE).until(() -> {
            connect(1);
            return Files.readString(inside.resolve("p.log")).contains(" lines lost: ");
        });
        List<MatchResult> lines = lines(inside, "p.log");
        // One warning, or more where the disk was full again in between.
        List<String> losses = lines.stream()
                .map(line -> line.group(2))
                .filter(line -> line.contains(" lines lost: "))
                .toList();
        assertThat(losses)
                .isNotEmpty()
                .allMatch(loss -> loss.endsWith(": cannot write to " + disk + "/p.log: No space left on device"));
        List<Long> written = connections(lines);
        long next = written.getLast() + 1;
        long lost = losses.stream()
                .mapToLong(loss -> Long.parseLong(loss.substring(0, loss.indexOf(' '))))
                .sum();
        // The numbers of one event loop have no gap, so what was not written was lost.
        assertThat(written.size() + lost).isEqualTo(next);
        stop();
    }

    @Test
    void aDeviceThatIsAlwaysFullHoldsUpNothing() throws Exception {
        start(List.of(), "file: /dev/full");
        connect(100);
        await().atMost(Portshare.PATIENCE).until(() -> !err().isEmpty());
        stop();
        assertThat(err())
                .isEqualTo("portshare: cannot write to /dev/full: No space left on device; lines of the log are"
                        + " lost until it works again\n");
    }

    @Test
    void aFileThatCannotBeOpenedIsAnErrorAtTheStart() throws Exception {
        Path routes = Files.writeString(
                folder.resolve("portshare.yaml"),
                "listen: 127.0.0.1:0\nroutes: [{to: reject}]\nlog: {file: ./no/p.log}\n");
        Command.Result result = Portshare.run("--config", routes.toString());
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("portshare: cannot open the log file " + folder + "/no/p.log: no such folder; make it");
    }
}
