package dev.portshare.cli.admin;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * The terminal that the program runs in, while it shows a screen of its own (ECMA-48, xterm's alternate screen). Whatever ends
 * the program, but for KILL, leaves the terminal as it was.
 */
public final class Terminal implements AutoCloseable {
    private static final String DEVICE = "/dev/tty";
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";
    private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
    /** So long after an Escape nothing of a longer sequence comes any more, over ssh either. */
    private static final int ESCAPE_MILLIS = 50;

    /** How large it is, in characters. */
    public record Size(int rows, int columns) {}

    private final InputStream in;
    private final OutputStream out;
    private final String settings;
    private final BlockingQueue<Key> keys = new LinkedBlockingQueue<>();
    private final Thread restore = new Thread(this::leave);
    private boolean left;

    private Terminal(InputStream in, OutputStream out, String settings) {
        this.in = in;
        this.out = out;
        this.settings = settings;
    }

    /**
     * Takes the terminal over, until it is closed.
     *
     * @throws IOException where there is none
     */
    public static Terminal open() throws IOException {
        Terminal terminal;
        try {
            terminal = new Terminal(new FileInputStream(DEVICE), new FileOutputStream(DEVICE), stty("-g"));
        } catch (IOException e) {
            throw new IOException("this needs a terminal; \"portshare status\" does not", e);
        }
        Runtime.getRuntime().addShutdownHook(terminal.restore);
        // Signals still come: Ctrl-C ends the program, and the hook above restores the terminal.
        var _ = stty("-icanon", "-echo", "min", "1", "time", "0");
        Signal.handle(new Signal("WINCH"), _ -> terminal.keys.add(Key.RESIZED));
        terminal.write(ENTER);
        Thread.ofPlatform().daemon().name("keys").start(terminal::readKeys);
        return terminal;
    }

    private static String stty(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("stty", "-F", DEVICE));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(output);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        return output;
    }

    /** How large it is now. */
    public Size size() throws IOException {
        String[] numbers = stty("size").split(" ", -1);
        int rows = Integer.parseInt(numbers[0]);
        int columns = Integer.parseInt(numbers[1]);
        // Some serial lines do not know.
        return rows > 0 && columns > 0 ? new Size(rows, columns) : new Size(24, 80);
    }

    /** The next key; null where none comes for {@code millis}. */
    public @Nullable Key key(long millis) throws InterruptedException {
        return keys.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Shows {@code lines} and nothing else; they must not be longer than the terminal is wide. */
    public void show(List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder("\033[H");
        for (int i = 0; i < lines.size(); i++) {
            text.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append("\033[K");
        }
        write(text.append("\033[J").toString());
    }

    private synchronized void write(String text) throws IOException {
        if (!left) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    private void readKeys() {
        try {
            for (int first = in.read(); first >= 0; first = in.read()) {
                keys.add(first == Key.ESCAPE_BYTE && hasMore() ? sequence() : Key.of((char) first));
            }
        } catch (IOException _) {
            // The terminal is gone.
        }
        keys.add(Key.END);
    }

    private boolean hasMore() throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ESCAPE_MILLIS);
        while (in.available() == 0 && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return in.available() > 0;
    }

    /** What follows an Escape: a letter, or a bracket, numbers, and the byte that ends it. */
    private Key sequence() throws IOException {
        int introducer = in.read();
        if (introducer != '[' && introducer != 'O') {
            return Key.NONE;
        }
        StringBuilder sequence = new StringBuilder();
        int next = in.read();
        while (next >= ' ' && next < '@') {
            sequence.append((char) next);
            next = in.read();
        }
        return Key.ofSequence(sequence.append((char) next).toString());
    }

    private synchronized void leave() {
        if (left) {
            return;
        }
        try {
            write(LEAVE);
            left = true;
            var _ = stty(settings);
        } catch (IOException _) {
            // The terminal is gone, and with it whoever could mind.
        }
    }

    @Override
    public void close() {
        leave();
        Runtime.getRuntime().removeShutdownHook(restore);
    }
}
