package dev.portshare.it.harness;

import static dev.portshare.it.harness.Sockets.PLAIN;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * So many new clients a second, whether earlier ones were served or not. Each sends a few bytes to an echo, wants them back
 * and the end behind them, and the listening ports take turns.
 */
public final class Load implements AutoCloseable {
    /** A machine that is too slow gets fewer clients rather than ever more at once. */
    private static final int AT_ONCE = 1000;

    private final int perSecond;
    private final List<Integer> ports;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong served = new AtomicLong();
    private final Thread thread;
    private volatile boolean ended;
    private long begun;

    /** Begins at once. */
    public Load(int perSecond, Integer... ports) {
        this.perSecond = perSecond;
        this.ports = List.of(ports);
        this.thread = Thread.ofPlatform().name("load").start(this::run);
    }

    private void run() {
        long start = System.nanoTime();
        while (!ended) {
            long due = (System.nanoTime() - start) * perSecond / 1_000_000_000;
            for (; begun < due && room.tryAcquire(); begun++) {
                int port = ports.get((int) (begun % ports.size()));
                Thread.ofVirtual().start(() -> client(port));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void client(int port) {
        try (Socket socket = Sockets.connect("127.0.0.1", port)) {
            socket.getOutputStream().write(PLAIN);
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readAllBytes();
            if (Arrays.equals(answer, PLAIN)) {
                served.incrementAndGet();
            } else {
                failures.add("port " + port + ": " + answer.length + " bytes came back");
            }
        } catch (IOException e) {
            failures.add("port " + port + ": " + e);
        } finally {
            room.release();
        }
    }

    /** How many clients have been served until now. */
    public long served() {
        return served.get();
    }

    /** Sends no more clients, and waits for the last ones. */
    public Load end() throws InterruptedException {
        ended = true;
        thread.join();
        room.acquire(AT_ONCE);
        room.release(AT_ONCE);
        return this;
    }

    /** What went wrong, a line for each client. */
    public List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        ended = true;
    }
}
