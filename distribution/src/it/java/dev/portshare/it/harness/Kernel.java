package dev.portshare.it.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel knows of sockets and processes, so that tests need not guess how long something takes. */
public final class Kernel {
    /** USER_HZ, in which /proc counts CPU time. */
    private static final int TICKS_PER_SECOND = 100;

    private Kernel() {}

    /**
     * Writes {@code bytes} in segments of at most {@code size}, each when the one before has been read, so that TCP
     * cannot join them.
     */
    public static void writeInSegments(Socket client, byte[] bytes, int size) throws IOException {
        for (int from = 0; from < bytes.length; from += size) {
            writeSegment(client, bytes, from, Math.min(from + size, bytes.length));
        }
    }

    /** Writes some of {@code bytes}, and returns when whoever accepted the connection has read them. */
    public static void writeSegment(Socket client, byte[] bytes, int from, int to) throws IOException {
        client.getOutputStream().write(bytes, from, to - from);
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Portshare.PATIENCE)
                .until(() -> isRead(client.getPort(), client.getLocalPort()));
    }

    /** Whether nothing waits to be read at the end of a loopback connection that has the port {@code local}. */
    private static boolean isRead(int local, int remote) {
        return sockets("state", "connected", "sport = :%d and dport = :%d".formatted(local, remote))
                .anyMatch(fields -> fields[1].equals("0"));
    }

    /** The identity of the socket that listens on {@code port}, which no other socket ever has; fails if there are more. */
    public static String listener(int port) {
        return sockets("--listening", "--extended", "sport = :" + port)
                .flatMap(Arrays::stream)
                .filter(field -> field.startsWith("ino:"))
                .reduce((one, other) -> {
                    throw new AssertionError("two sockets listen on port " + port);
                })
                .orElseThrow(() -> new AssertionError("nobody listens on port " + port));
    }

    /**
     * The TCP sockets that ss(8) finds: state, bytes to read, bytes not acknowledged, addresses, and more. It has the kernel
     * look for them, since the whole table is long, and a row may be missed, when other tests make many connections.
     */
    private static Stream<String[]> sockets(String... arguments) {
        List<String> words = new ArrayList<>(List.of("ss", "--no-header", "--tcp", "--numeric"));
        words.addAll(List.of(arguments));
        return Command.of(words)
                .run()
                .ok()
                .out()
                .lines()
                .map(line -> line.strip().split(" +"));
    }

    /** The CPU time that a process has used. */
    public static Duration cpu(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // proc(5): utime and stime are the fields 14 and 15; the second, in parentheses, may contain blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND);
    }
}
