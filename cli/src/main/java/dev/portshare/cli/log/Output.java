package dev.portshare.cli.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.LockSupport;

/** Takes the bytes of whole lines; for one thread. */
interface Output {
    /** Before a non-blocking pipe that was full is tried again. */
    long PAUSE_NANOS = 20_000_000;

    /**
     * Writes {@code lines}, or loses them all. Whatever comes of it, what an earlier call wrote stays whole, and a later call
     * begins a line.
     *
     * @throws IOException whose message says why they are lost
     */
    void write(ByteBuffer lines) throws IOException;

    /** Looks whether this is still the place to write to, and goes there if not; {@link #write} does so by itself. */
    void follow();

    /** Writes no more. */
    void close();

    /** Writes the whole of {@code bytes}, or as much as their position says. */
    static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
