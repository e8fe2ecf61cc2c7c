package dev.portshare.it.harness;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/** A connection to an echo that is never silent: random bytes go, and must come back as they went, until it is ended. */
public final class Stream implements AutoCloseable {
    /** The larger ones are spliced, the smaller ones copied. */
    private static final int CHUNK = 64 * 1024;
    /** Between two chunks: what is to be seen is whether bytes are right, not how many they are. */
    private static final long PAUSE_NANOS = 20_000_000;

    private final Socket socket;
    private final CRC32 sent = new CRC32();
    private final CRC32 received = new CRC32();
    private final CompletableFuture<Long> whole;
    private volatile boolean ended;

    /** Begins at once. */
    public Stream(Socket socket) {
        this.socket = socket;
        this.whole = CompletableFuture.supplyAsync(
                this::run, task -> Thread.ofVirtual().start(task));
    }

    private long run() {
        try {
            Random random = new Random(socket.getLocalPort());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            long bytes = 0;
            while (!ended) {
                byte[] chunk = new byte[1 + random.nextInt(CHUNK)];
                random.nextBytes(chunk);
                sent.update(chunk);
                socket.getOutputStream().write(chunk);
                Arrays.fill(chunk, (byte) 0);
                in.readFully(chunk);
                received.update(chunk);
                bytes += chunk.length;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            socket.shutdownOutput();
            if (in.read() != -1 || sent.getValue() != received.getValue()) {
                throw new IOException("other bytes came back");
            }
            return bytes;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Ends it; fails if a byte of it was lost, changed or added, or if it broke. */
    public long end() {
        ended = true;
        return whole.join();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
