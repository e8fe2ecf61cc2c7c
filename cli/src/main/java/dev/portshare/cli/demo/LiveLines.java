package dev.portshare.cli.demo;

import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Escaped;
import java.time.Clock;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Prints a line for people to read when a connection has ended. Drops lines where nobody reads them. */
public final class LiveLines implements ConnectionObserver, AutoCloseable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int WAITING_LINES = 1000;

    private final Consumer<String> out;
    private final Clock clock;
    /** A terminal can be stopped (Ctrl-S); the event loops that tell of connections must not be. */
    private final ThreadPoolExecutor printer = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_LINES),
            task -> Thread.ofPlatform().daemon().name("live-lines").unstarted(task),
            new ThreadPoolExecutor.DiscardPolicy());

    public LiveLines(Consumer<String> out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void closed(ConnectionRecord connection) {
        String line = line(connection, LocalTime.now(clock));
        printer.execute(() -> out.accept(line));
    }

    static String line(ConnectionRecord connection, LocalTime time) {
        return String.format(
                Locale.ROOT,
                "%s  %-4s  %s -> %s  in %s  out %s  %d ms  %s  %s",
                time.format(TIME),
                Objects.requireNonNullElse(connection.route(), "-"),
                Objects.requireNonNullElse(connection.client(), "-"),
                Objects.requireNonNullElse(connection.backend(), "-"),
                size(connection.in()),
                size(connection.out()),
                TimeUnit.NANOSECONDS.toMillis(connection.nanos()),
                connection.close(),
                facts(connection));
    }

    private static String facts(ConnectionRecord connection) {
        StringBuilder facts = new StringBuilder(Objects.requireNonNullElse(connection.protocol(), "undecided"));
        if (connection.serverName() != null) {
            facts.append(" sni=").append(Escaped.of(connection.serverName()));
        }
        List<String> protocols = connection.applicationProtocols();
        if (!protocols.isEmpty()) {
            facts.append(" alpn=").append(protocols.stream().map(Escaped::of).collect(Collectors.joining(",")));
        }
        return facts.toString();
    }

    private static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double kilobytes = bytes / 1e3;
        return kilobytes < 1000
                ? String.format(Locale.ROOT, "%.1f kB", kilobytes)
                : String.format(Locale.ROOT, "%.1f MB", kilobytes / 1e3);
    }

    /** Prints what it has been told of, within a second. */
    @Override
    public void close() {
        printer.shutdown();
        try {
            printer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
