package dev.portshare.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One of the Python programs among the resources, or a class of this harness in a process of its own, and the lines that it prints. */
public final class Script implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public Script(String name, String... arguments) throws IOException {
        this(
                List.of(
                        "python3",
                        Repository.MODULE.resolve("src/it/resources/" + name).toString()),
                arguments);
    }

    private Script(List<String> program, String... arguments) throws IOException {
        process = Command.builder(
                        Stream.concat(program.stream(), Stream.of(arguments)).toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread.ofVirtual().start(this::read);
    }

    /** Runs the class {@code main} behind {@code prefix}. */
    public static Script of(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Little, and started soon: it shares the machine with what is tested.
        words.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return new Script(words, arguments);
    }

    /** Its process, to be stopped or killed. */
    public long pid() {
        return process.pid();
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("its output cannot be read: " + e);
        }
    }

    /** Gives it a line to read. */
    public void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Has it come to the end of what it reads. */
    public void sayNoMore() throws IOException {
        process.getOutputStream().close();
    }

    /** What it has printed until now. */
    public List<String> lines() {
        return lines;
    }

    /** Waits for the {@code count}th line that contains {@code text}. */
    public String line(String text, int count) {
        Awaitility.await()
                .atMost(Portshare.PATIENCE)
                .until(() -> lines.stream().filter(line -> line.contains(text)).count() >= count);
        return lines.stream()
                .filter(line -> line.contains(text))
                .skip(count - 1)
                .findFirst()
                .orElseThrow();
    }

    public String line(String text) {
        return line(text, 1);
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }

    @Override
    public void close() throws IOException {
        sayNoMore();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
