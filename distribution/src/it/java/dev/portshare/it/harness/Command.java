package dev.portshare.it.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A program that runs to its end, with a time limit and nothing on standard input. */
public final class Command {
    /** Enough for whatever does not hang, on a machine that has other things to do as well. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<String> words;
    private final Map<String, String> environment = new HashMap<>();
    private Duration limit = LIMIT;

    /** What came of it; one that was still running at its limit was killed, and its exit code is 137. */
    public record Result(List<String> words, int exit, String out, String err) {
        /** Itself, if the program said that all is well. */
        public Result ok() {
            if (exit != 0) {
                throw new AssertionError(this);
            }
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", words) + "\nexit code " + exit + "\n" + out + err;
        }
    }

    private Command(List<String> words) {
        this.words = List.copyOf(words);
    }

    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(words);
    }

    public Command with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** With another time limit: for what takes longer than a minute. */
    public Command within(Duration limit) {
        this.limit = limit;
        return this;
    }

    /** Runs it. Output goes to files, since a child that lives on would keep a pipe open. */
    public Result run() {
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            try {
                ProcessBuilder builder = builder(words)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                int exit = exitCode(builder.start());
                return new Result(words, exit, text(out), text(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process to be, which finds what only root has on its PATH. */
    public static ProcessBuilder builder(List<String> words) {
        List<String> command = new ArrayList<>(words);
        Machine.program(command.getFirst()).ifPresent(program -> command.set(0, program.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        return builder;
    }

    /** Ends what would run on, and what it started: as it likes for some seconds, and then at once. */
    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(GRACE)) {
                kill(process);
                process.waitFor();
            }
        } catch (InterruptedException e) {
            kill(process);
            throw new AssertionError("interrupted", e);
        }
    }

    private int exitCode(Process process) {
        try {
            if (!process.waitFor(limit)) {
                kill(process);
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            kill(process);
            throw new AssertionError("interrupted", e);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
