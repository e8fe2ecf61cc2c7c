package dev.portshare.connection;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** A kernel pipe: splice(2) moves bytes from one socket into it and out of it to another without copying them. */
final class Pipe {
    private static final long NO_OFFSET = -1;

    private final FileDescriptor out;
    private final FileDescriptor in;
    private int length;

    private Pipe(FileDescriptor out, FileDescriptor in) {
        this.out = out;
        this.in = in;
    }

    /** A new one; fails where there are no descriptors left. */
    static Pipe open() throws IOException {
        FileDescriptor[] ends = FileDescriptor.pipe();
        if (Reserve.has(Math.max(ends[0].intValue(), ends[1].intValue()))) {
            ends[0].close();
            ends[1].close();
            throw new IOException("the last descriptors are kept");
        }
        PipeSize.enlarge(ends[0].intValue());
        return new Pipe(ends[0], ends[1]);
    }

    /** One of another process, with what is in it. */
    Pipe(Carried.PipeEnds ends) {
        this(new FileDescriptor(ends.out()), new FileDescriptor(ends.in()));
        length = ends.length();
    }

    Carried.PipeEnds carry() {
        return new Carried.PipeEnds(out.intValue(), in.intValue(), length);
    }

    boolean isEmpty() {
        return length == 0;
    }

    /**
     * Takes what {@code socket} has and the pipe has room for.
     *
     * @return the number of bytes; 0 if there are none now, or the peer has ended its direction, or the pipe is full
     */
    int fill(FileDescriptor socket) throws IOException {
        int count = Native.splice(socket.intValue(), NO_OFFSET, in.intValue(), NO_OFFSET, PipeSize.BYTES);
        length += count;
        return count;
    }

    /** Gives to {@code socket} what it takes: the number of bytes, 0 if it is full. */
    int drain(FileDescriptor socket) throws IOException {
        int count = Native.splice(out.intValue(), NO_OFFSET, socket.intValue(), NO_OFFSET, length);
        length -= count;
        return count;
    }

    void close() {
        try {
            in.close();
        } catch (IOException _) {
            // Linux has given the descriptor back whatever close() says.
        }
        try {
            out.close();
        } catch (IOException _) {
            // As above.
        }
    }
}
