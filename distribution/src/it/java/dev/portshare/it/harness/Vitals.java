package dev.portshare.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What a portshare takes and what it counts, as its admin socket and the kernel tell.
 *
 * @param resident in bytes, as the next two
 * @param files    its descriptors
 * @param dropped  lines of the log that were lost
 */
public record Vitals(
        long resident, long heap, long direct, long files, long accepted, long closed, long active, long dropped) {
    /** Descriptors of empty pipes that event loops keep for the next connections: 16 pipes each, as connection.Pipes says. */
    public static final long KEPT = 2L * 16 * Math.max(2, Runtime.getRuntime().availableProcessors());

    /** Of the process {@code pid}, whose admin socket is at {@code socket}. */
    public static Vitals of(long pid, Path socket) {
        try {
            String metrics = get(socket, "/metrics");
            return new Vitals(
                    sum(metrics, "portshare_resident_memory_bytes"),
                    sum(metrics, "portshare_heap_used_bytes"),
                    sum(metrics, "portshare_direct_memory_bytes"),
                    files(pid),
                    sum(metrics, "portshare_connections_accepted_total"),
                    sum(metrics, "portshare_connections_closed_total"),
                    sum(metrics, "portshare_connections_active"),
                    sum(metrics, "portshare_log_lines_dropped_total"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was higher, here or in {@code later}, with its counters. */
    public Vitals or(Vitals later) {
        return new Vitals(
                Math.max(resident, later.resident),
                Math.max(heap, later.heap),
                Math.max(direct, later.direct),
                Math.max(files, later.files),
                later.accepted,
                later.closed,
                later.active,
                later.dropped);
    }

    /** What the admin interface answers. */
    public static String get(Path socket, String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(
                    ("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Of all that have this name, whatever their labels. */
    private static long sum(String metrics, String name) {
        double[] values = metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        return (long) Arrays.stream(values).sum();
    }

    /** How many descriptors a process has, as the kernel knows. */
    public static long files(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.count();
        }
    }
}
