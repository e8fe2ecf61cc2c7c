package dev.portshare.it.harness;

import static dev.portshare.it.harness.Sockets.PLAIN;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import jdk.net.ExtendedSocketOptions;

/**
 * So many connections to an {@link Echo} behind a portshare at once, each followed by the next one: some ask and are answered, some
 * send much, lie idle, end their direction first, reset, or never say a word. Every byte that comes back is compared with what was
 * sent.
 */
public final class Traffic implements AutoCloseable {
    /** Longer than any fault that a test makes. */
    private static final int HUNG_MILLIS = 60_000;

    private static final int CHUNK = 16 * 1024;
    /** New connections a second at the start, so that they do not come all at once. */
    private static final int STARTS_PER_SECOND = 1000;

    private enum Kind {
        ASK,
        BULK,
        IDLE,
        HALF_CLOSE,
        RESET,
        SILENT
    }

    private static final List<Kind> MIX = List.of(
            Kind.ASK,
            Kind.ASK,
            Kind.ASK,
            Kind.ASK,
            Kind.ASK,
            Kind.ASK,
            Kind.ASK,
            Kind.ASK,
            Kind.IDLE,
            Kind.IDLE,
            Kind.IDLE,
            Kind.IDLE,
            Kind.IDLE,
            Kind.BULK,
            Kind.BULK,
            Kind.BULK,
            Kind.HALF_CLOSE,
            Kind.HALF_CLOSE,
            Kind.RESET,
            Kind.SILENT);

    private final InetSocketAddress target;
    private final long pauseNanos;
    private final int bulk;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CompletableFuture<Void> done;
    private final AtomicInteger live = new AtomicInteger();
    private final AtomicLong whole = new AtomicLong();
    private final AtomicLong reset = new AtomicLong();
    private final AtomicLong unserved = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<String> example = new AtomicReference<>("none");

    /**
     * Begins at once.
     *
     * @param pause between what a connection does, on average; it lives for some of them
     * @param bulk  the most bytes that one sends
     */
    public Traffic(InetSocketAddress target, int connections, Duration pause, int bulk) {
        this.target = target;
        this.pauseNanos = pause.toNanos();
        this.bulk = bulk;
        this.done = CompletableFuture.allOf(IntStream.range(0, connections)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> place(i), task -> Thread.ofVirtual().start(task)))
                .toArray(CompletableFuture<?>[]::new));
    }

    /**
     * In a process of its own: address, port, connections, milliseconds of pause, and bytes of bulk. Prints a tally for each line that
     * it reads, and a last one when its input ends and all connections have.
     */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress target = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        Traffic traffic = new Traffic(
                target,
                Integer.parseInt(arguments[2]),
                Duration.ofMillis(Long.parseLong(arguments[3])),
                Integer.parseInt(arguments[4]));
        for (int c = System.in.read(); c != 'e' && c != -1; c = System.in.read()) {
            if (c == '\n') {
                System.out.println("now " + traffic.tally());
            }
        }
        System.out.println("last " + traffic.end());
    }

    private void place(int number) {
        Random random = new Random(number);
        sleep(number * 1_000_000_000L / STARTS_PER_SECOND);
        while (end.getCount() > 0) {
            Kind kind = MIX.get(random.nextInt(MIX.size()));
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(HUNG_MILLIS);
                // Whoever was cut off finds out by itself.
                socket.setKeepAlive(true);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 2);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 5);
                serve(kind, socket, random);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void serve(Kind kind, Socket socket, Random random) {
        try {
            socket.connect(target, HUNG_MILLIS);
        } catch (IOException _) {
            unserved.incrementAndGet();
            sleep(pauseNanos);
            return;
        }
        live.incrementAndGet();
        try {
            if (kind == Kind.SILENT) {
                finish(socket.getInputStream());
            } else {
                socket.getOutputStream().write(PLAIN);
                int first = kind == Kind.HALF_CLOSE
                        ? PLAIN[0]
                        : socket.getInputStream().read();
                if (first == -1) {
                    unserved.incrementAndGet();
                    sleep(pauseNanos);
                    return;
                }
                if (kind != Kind.HALF_CLOSE) {
                    expect(socket.getInputStream(), Arrays.copyOfRange(PLAIN, 1, PLAIN.length));
                }
                speak(kind, socket, random);
            }
            whole.incrementAndGet();
        } catch (Turned _) {
            unserved.incrementAndGet();
            sleep(pauseNanos);
        } catch (SocketTimeoutException | EOFException | Other e) {
            failed.incrementAndGet();
            example.set((kind + " from " + socket.getLocalPort() + " " + e).replace('\n', ' '));
        } catch (IOException _) {
            reset.incrementAndGet();
            sleep(pauseNanos);
        } finally {
            live.decrementAndGet();
        }
    }

    private void speak(Kind kind, Socket socket, Random random) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        switch (kind) {
            case ASK -> {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    sleep((long) (2 * pauseNanos * random.nextDouble()));
                    ask(socket, random);
                }
                socket.shutdownOutput();
            }
            case IDLE -> {
                sleep(10 * pauseNanos);
                ask(socket, random);
                socket.shutdownOutput();
            }
            case BULK -> {
                sleep(pauseNanos);
                bulk(socket, random.nextLong(), 1 + random.nextInt(bulk));
            }
            case HALF_CLOSE -> {
                byte[] bytes = bytes(random, 1 + random.nextInt(CHUNK));
                out.write(bytes);
                socket.shutdownOutput();
                int first = in.read();
                if (first == -1) {
                    throw new Turned();
                }
                expect(in, Arrays.copyOfRange(PLAIN, 1, PLAIN.length));
                expect(in, bytes);
            }
            case RESET -> {
                out.write(bytes(random, CHUNK));
                sleep(pauseNanos);
                Sockets.reset(socket);
                return;
            }
            case SILENT -> throw new AssertionError(kind);
        }
        finish(in);
    }

    private static void ask(Socket socket, Random random) throws IOException {
        byte[] bytes = bytes(random, 1 + random.nextInt(4000));
        socket.getOutputStream().write(bytes);
        expect(socket.getInputStream(), bytes);
    }

    /** Both directions at once: what has gone and what has to come back are made alike, so nothing is kept. */
    private static void bulk(Socket socket, long seed, int size) throws IOException {
        AtomicReference<IOException> broken = new AtomicReference<>();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                Random random = new Random(seed);
                for (int left = size; left > 0; left -= CHUNK) {
                    socket.getOutputStream().write(bytes(random, Math.min(left, CHUNK)));
                }
                socket.shutdownOutput();
            } catch (IOException e) {
                broken.set(e);
            }
        });
        try {
            Random random = new Random(seed);
            for (int left = size; left > 0; left -= CHUNK) {
                expect(socket.getInputStream(), bytes(random, Math.min(left, CHUNK)));
            }
        } catch (EOFException e) {
            join(writer);
            // The kernel tells of a reset once: to the writer, here.
            throw broken.get() == null ? e : broken.get();
        }
        join(writer);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void expect(InputStream in, byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; ) {
            byte[] some = new byte[bytes.length - from];
            int count = in.read(some);
            if (count == -1) {
                throw new EOFException("ends as if it were whole");
            }
            if (!Arrays.equals(some, 0, count, bytes, from, from + count)) {
                throw new Other();
            }
            from += count;
        }
    }

    private static void finish(InputStream in) throws IOException {
        if (in.read() != -1) {
            throw new Other();
        }
    }

    /** At most so long, and not at all when all is over. */
    private void sleep(long nanos) {
        try {
            var _ = end.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** How many connections there are now. */
    public int live() {
        return live.get();
    }

    public Tally tally() {
        return new Tally(whole.get(), reset.get(), unserved.get(), failed.get(), example.get());
    }

    /** Begins no more connections, and waits for the last ones, which hasten to their end. */
    public Tally end() {
        end.countDown();
        done.join();
        return tally();
    }

    @Override
    public void close() {
        end.countDown();
    }

    /** Bytes that were not sent. */
    private static final class Other extends IOException {
        private static final long serialVersionUID = 1;

        Other() {
            super("other bytes come back");
        }
    }

    /** Closed before it got a byte. */
    private static final class Turned extends IOException {
        private static final long serialVersionUID = 1;
    }
}
