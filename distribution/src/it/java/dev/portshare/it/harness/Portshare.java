package dev.portshare.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The built program, running and listening, and what it logs. Listen on port 0, and ask for {@link #port()}. */
public final class Portshare implements AutoCloseable {
    /** What a test locks that lowers a portshare's limit of open files: the doctor sees every portshare on the machine. */
    public static final String OPEN_FILES = "open files";

    /** Far more than anything takes; only a failing test waits so long. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The folder that the build has made. */
    public static final Path HOME = Path.of(System.getProperty("portshare.home", "target/portshare"));

    public static final Path PROGRAM = HOME.resolve("bin/portshare");
    /** In text, and in JSON. */
    private static final Pattern LISTENING = Pattern.compile("[ \"]listening on ([^\"]+)");

    private final Process process;
    private final Thread reader;
    private final Collection<String> log = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

    private Portshare(List<String> command, int listeners) throws IOException {
        ProcessBuilder builder = Command.builder(command).redirectErrorStream(true);
        // A name that is in no hosts file fails soon, whatever name servers this machine has.
        builder.environment().put("RES_OPTIONS", "timeout:1 attempts:1");
        process = builder.start();
        process.getOutputStream().close();
        reader = Thread.ofVirtual().start(this::read);
        try {
            await("listening on", () -> listening().size() >= listeners);
        } catch (Throwable e) {
            kill();
            throw e;
        }
    }

    /** Serves as route options say. */
    public static Portshare start(String... arguments) throws IOException {
        return under(List.of(), arguments);
    }

    /** The same, started by another program, which it replaces. */
    public static Portshare under(List<String> prefix, String... arguments) throws IOException {
        List<String> options = List.of(arguments);
        long listeners = options.stream().filter("--listen"::equals).count();
        // A route file that they name says where.
        return new Portshare(words(prefix, options), (int) Math.max(1, listeners));
    }

    /** The same with a log elsewhere: whoever calls this has to wait for what it says. */
    public static Portshare unseen(List<String> prefix, String... arguments) throws IOException {
        return new Portshare(words(prefix, List.of(arguments)), 0);
    }

    /** Serves as a route file says. */
    public static Portshare serving(String yaml) throws IOException {
        return serving(yaml, 1);
    }

    /** The same, with several listeners. */
    public static Portshare serving(String yaml, int listeners) throws IOException {
        Path file = Files.createTempFile("portshare", ".yaml");
        try {
            return configured(Files.writeString(file, yaml), listeners);
        } finally {
            Files.delete(file);
        }
    }

    /** Serves as the route file at {@code file} says, which may be changed later. */
    public static Portshare configured(Path file, int listeners) throws IOException {
        return new Portshare(words(List.of(), List.of("--config", file.toString())), listeners);
    }

    /** Serves on 127.0.0.1 as a route file without {@code listen} says. */
    public static Portshare routing(String yaml) throws IOException {
        return serving("listen: 127.0.0.1:0\n" + yaml);
    }

    /** Runs to its end; for what does not serve. */
    public static Command.Result run(String... arguments) {
        return Command.of(words(List.of(), List.of(arguments))).run();
    }

    /** The program and its arguments, behind {@code prefix}. */
    public static List<String> words(List<String> prefix, List<String> arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.add(PROGRAM.toString());
        words.addAll(arguments);
        return words;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                Connection.parse(line).ifPresent(connections::add);
            }
        } catch (IOException e) {
            log.add("its log cannot be read: " + e);
        }
    }

    private List<String> listening() {
        return log.stream()
                .map(LISTENING::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .toList();
    }

    /** The port of the first listener. */
    public int port() {
        return port(0);
    }

    public int port(int listener) {
        String address = listening().get(listener);
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    public long pid() {
        return process.pid();
    }

    /** What it has logged until now. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /** Waits for a line that contains {@code text}. */
    public String line(String text) {
        await(text, () -> logged(text));
        return log.stream().filter(line -> line.contains(text)).findFirst().orElseThrow();
    }

    private void await(String text, BooleanSupplier condition) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> condition.getAsBoolean() || !reader.isAlive());
        if (!condition.getAsBoolean()) {
            throw new AssertionError("ended without \"" + text + "\":\n" + this);
        }
    }

    public boolean logged(String text) {
        return log.stream().anyMatch(line -> line.contains(text));
    }

    /** The next connection that ended. */
    public Connection connection() throws InterruptedException {
        Connection connection = connections.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (connection == null) {
            throw new AssertionError("no connection ends:\n" + this);
        }
        return connection;
    }

    /** Whether no connection has ended that nobody has asked for. */
    public boolean hasNoConnection() {
        return connections.isEmpty();
    }

    /** Sends a signal: {@code TERM}, {@code INT}. */
    public void signal(String name) {
        Command.of("bash", "-c", "kill -" + name + " " + pid()).run().ok();
    }

    /** Has the route file read anew, and waits for the line that says what came of it. */
    public String reload() {
        int before = reloads().size();
        signal("HUP");
        await("reload", () -> reloads().size() > before);
        return reloads().getLast();
    }

    private List<String> reloads() {
        return log.stream()
                .filter(line -> line.contains(" INFO reloaded ") || line.contains(" WARN reload refused"))
                .toList();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE)) {
            throw new AssertionError("does not end:\n" + this);
        }
        reader.join();
        return process.exitValue();
    }

    /** By its handle: {@link Process#destroyForcibly} would close the pipe before the last line is read. */
    private void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Its log, for whoever has to find out why a test failed. */
    @Override
    public String toString() {
        return String.join("\n", log);
    }

    /** Ends it the hard way, and fails if it reported a bug of its own. */
    @Override
    public void close() {
        try {
            kill();
            process.waitFor();
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        if (logged(" ERROR ")) {
            throw new AssertionError("an error of portshare's own:\n" + this);
        }
    }
}
