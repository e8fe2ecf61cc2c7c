package dev.portshare.it.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    /**
     * Whether nothing waits to be read at the end of a loopback connection that has the port {@code local}. Not seeing that end
     * says nothing: a table that changes while it is read may leave a row out.
     */
    private static boolean isRead(int local, int remote) throws IOException {
        return tcp().anyMatch(socket -> socket.local == local && socket.remote == remote && socket.unread == 0);
    }

    /** The identity of the socket that listens on {@code port}, which no other socket ever has; fails if there are more. */
    public static String listener(int port) throws IOException {
        return tcp().filter(socket -> socket.listens && socket.local == port)
                .map(TcpSocket::inode)
                .reduce((one, other) -> {
                    throw new AssertionError("two sockets listen on port " + port);
                })
                .orElseThrow(() -> new IOException("nobody listens on port " + port));
    }

    /** A row of /proc/net/tcp, proc(5). */
    private record TcpSocket(int local, int remote, boolean listens, long unread, String inode) {
        /** sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode; digits are hexadecimal. */
        static TcpSocket parse(String line) {
            String[] fields = line.strip().split(" +");
            return new TcpSocket(
                    (int) behindColon(fields[1]),
                    (int) behindColon(fields[2]),
                    fields[3].equals("0A"),
                    behindColon(fields[4]),
                    fields[9]);
        }

        private static long behindColon(String field) {
            return Long.parseLong(field.substring(field.indexOf(':') + 1), 16);
        }
    }

    private static Stream<TcpSocket> tcp() throws IOException {
        List<TcpSocket> sockets = new ArrayList<>();
        for (Path table : new Path[] {Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp")}) {
            if (Files.exists(table)) {
                try (Stream<String> lines = Files.lines(table)) {
                    lines.skip(1).map(TcpSocket::parse).forEach(sockets::add);
                }
            }
        }
        return sockets.stream();
    }

    /** The CPU time that a process has used. */
    public static Duration cpu(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // proc(5): utime and stime are the fields 14 and 15; the second, in parentheses, may contain blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND);
    }
}
