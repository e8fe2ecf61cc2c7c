package dev.portshare.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A program of its own, to be started in another network: opens so many connections a second to a port until standard input
 * ends, each with a line of HTTP, and prints how many were answered, refused and broken.
 */
public final class ConnectionRate {
    /** It ends without being told, should nobody be left to tell it. */
    private static final long LIMIT = TimeUnit.MINUTES.toNanos(2);

    private ConnectionRate() {}

    /** @param args address, port, connections a second */
    public static void main(String[] args) throws IOException {
        String address = args[0];
        int port = Integer.parseInt(args[1]);
        long pause = TimeUnit.SECONDS.toNanos(1) / Integer.parseInt(args[2]);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long next = System.nanoTime();
            long end = next + LIMIT;
            while (System.in.available() == 0 && System.nanoTime() < end) {
                clients.execute(() -> {
                    try {
                        (ask(address, port) ? answered : broken).incrementAndGet();
                    } catch (ConnectException _) {
                        refused.incrementAndGet();
                    } catch (IOException _) {
                        broken.incrementAndGet();
                    }
                });
                next += pause;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
        System.out.printf("answered=%s refused=%s broken=%s%n", answered, refused, broken);
    }

    private static boolean ask(String address, int port) throws IOException {
        try (Socket socket = new Socket(address, port);
                InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return in.readAllBytes().length > 0;
        }
    }

    /** Starts it; {@link #end} ends it. */
    public static Process start(List<String> prefix, String address, int port, int rate) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                ConnectionRate.class.getName(),
                address,
                String.valueOf(port),
                String.valueOf(rate)));
        return Command.builder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What it counted, in the words of its last line. */
    public static String end(Process process) throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
}
