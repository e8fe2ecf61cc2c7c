package dev.portshare.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is on its way to a side and not in its kernel buffer yet: in a pipe, and behind that what a copy could not send. */
final class Kept {
    static final byte[] NOTHING = {};

    private final Pipes pipes;
    private @Nullable Pipe pipe;
    private @Nullable ByteBuf bytes;

    /** Nothing yet; where a pipe is wanted, it will be taken out of {@code pipes}. */
    Kept(Pipes pipes) {
        this.pipes = pipes;
    }

    /** What was on its way to {@code end} in another process; null if nothing was. */
    static @Nullable Kept of(Carried.End end, Pipes pipes) {
        if (end.pipe() == null && end.bytes().length == 0) {
            return null;
        }
        Kept kept = new Kept(pipes);
        if (end.pipe() != null) {
            kept.pipe = new Pipe(end.pipe());
        }
        if (end.bytes().length > 0) {
            kept.add(ByteBuffer.wrap(end.bytes()));
        }
        return kept;
    }

    /** The socket {@code fd} and what is kept for it, which stays. */
    Carried.End carry(int fd, boolean delays) {
        byte[] rest = NOTHING;
        if (bytes != null) {
            rest = new byte[bytes.readableBytes()];
            bytes.getBytes(bytes.readerIndex(), rest);
        }
        return new Carried.End(fd, delays, pipe == null || pipe.isEmpty() ? null : pipe.carry(), rest);
    }

    /** The pipe, which is taken now if there was none; null where none is to be had. Nothing may be kept yet. */
    @Nullable
    Pipe pipe() {
        if (pipe == null) {
            pipe = pipes.take();
        }
        return pipe;
    }

    /** Keeps a copy of {@code rest}, behind what is kept. */
    void add(ByteBuffer rest) {
        if (bytes == null) {
            // Seldom wanted, and not for long. The first use of Netty's pools would take this loop a fifth of a second.
            bytes = UnpooledByteBufAllocator.DEFAULT.directBuffer(rest.remaining());
        }
        bytes.writeBytes(rest);
    }

    boolean isEmpty() {
        return bytes == null && (pipe == null || pipe.isEmpty());
    }

    /** Sends to {@code side} what it takes; whether nothing is left. */
    boolean flush(Side side) throws IOException {
        if (pipe != null) {
            while (!pipe.isEmpty()) {
                if (pipe.drain(side) == 0) {
                    return false;
                }
            }
        }
        ByteBuf rest = bytes;
        if (rest == null) {
            return true;
        }
        ByteBuffer view = rest.internalNioBuffer(rest.readerIndex(), rest.readableBytes());
        rest.skipBytes(side.send(view, view.position(), view.limit()));
        if (rest.isReadable()) {
            return false;
        }
        bytes = null;
        rest.release();
        return true;
    }

    /** Gives the pipe back, and forgets what is kept. */
    void close() {
        if (pipe != null) {
            pipes.give(pipe);
            pipe = null;
        }
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
