package dev.portshare.it.probe;

import dev.portshare.it.harness.Sockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One client at work on a {@link Probe}, and what it has seen until now. */
public final class Prober {
    /** The longest that a client waits for an end. */
    static final Duration BOUND = Duration.ofSeconds(9);

    private final Socket socket;
    private final long start = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile Sight.Ending ending = Sight.Ending.OPEN;
    /** These three are null until it happens. */
    private volatile Duration first;

    private volatile Duration end;
    private volatile Duration refused;
    private volatile boolean hasReset;
    private final AtomicInteger writes = new AtomicInteger();

    private Prober(Socket socket) {
        this.socket = socket;
    }

    /** Goes through {@code probe} at {@code port} of 127.0.0.1. */
    public static Sight run(Probe probe, int port) throws IOException, InterruptedException {
        try (Socket socket = Sockets.connect("127.0.0.1", port)) {
            socket.setSoTimeout(0);
            return new Prober(socket).run(probe);
        }
    }

    private Sight run(Probe probe) throws IOException, InterruptedException {
        Thread script = Thread.ofVirtual().start(() -> {
            try {
                for (Probe.Step step : probe.steps()) {
                    step.take(this);
                }
            } catch (IOException e) {
                throw new AssertionError(probe.name(), e);
            } catch (InterruptedException _) {
                // The bound is reached.
            }
        });
        script.join(BOUND);
        ended.await(BOUND.toNanos() - sinceStart().toNanos(), TimeUnit.NANOSECONDS);
        Sight sight;
        synchronized (received) {
            sight = hasReset
                    ? Sight.NONE
                    : new Sight(received.toByteArray(), ending, first, end, refused, writes.get());
        }
        script.interrupt();
        socket.close();
        return sight;
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Reads whatever comes, from now on. */
    void read() {
        Thread.ofVirtual().start(() -> {
            try {
                InputStream in = socket.getInputStream();
                byte[] buffer = new byte[16 * 1024];
                for (int count; (count = in.read(buffer)) >= 0; ) {
                    if (first == null) {
                        first = sinceStart();
                    }
                    synchronized (received) {
                        received.write(buffer, 0, count);
                    }
                }
                // A reset that a write has met already, reading tells as an end.
                end(refused == null ? Sight.Ending.FIN : Sight.Ending.RESET);
            } catch (IOException _) {
                if (!socket.isClosed()) {
                    end(Sight.Ending.RESET);
                }
            }
        });
    }

    private void end(Sight.Ending how) {
        end = sinceStart();
        ending = how;
        ended.countDown();
    }

    void send(byte[] bytes, int from, int to) {
        if (refused != null) {
            return;
        }
        writes.incrementAndGet();
        try {
            socket.getOutputStream().write(bytes, from, to - from);
        } catch (IOException _) {
            refused = sinceStart();
        }
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    void pause(Duration longest) throws InterruptedException {
        ended.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    void idle(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    void halfClose() {
        if (refused != null) {
            return;
        }
        try {
            socket.shutdownOutput();
        } catch (IOException _) {
            refused = sinceStart();
        }
    }

    /** What was seen until then is a matter of chance. */
    void reset() throws IOException {
        hasReset = true;
        Sockets.reset(socket);
        ended.countDown();
    }
}
