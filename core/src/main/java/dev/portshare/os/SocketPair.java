package dev.portshare.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/**
 * Two connected Unix sockets that keep message boundaries, socketpair(2). What one has sent, the other can read even after the
 * first was closed. Neither call on them waits.
 */
public record SocketPair(int one, int other) {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_NONBLOCK = 04000;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final short POLLHUP = 0x10;

    /**
     * A new one.
     *
     * @throws ErrnoException where there are no descriptors left
     */
    public static SocketPair open() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
            LibC.call("socketpair", AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
            return new SocketPair(ends.get(ValueLayout.JAVA_INT, 0), ends.get(ValueLayout.JAVA_INT, Integer.BYTES));
        }
    }

    /** Whether nobody has the peer of the socket {@code end} open any more; waits for that, at most {@code patience}. */
    public static boolean isAlone(int end, Duration patience) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            // struct pollfd: the descriptor, what is asked for (a hang-up always is), what has happened.
            MemorySegment poll = arena.allocate(Long.BYTES, Long.BYTES);
            poll.set(ValueLayout.JAVA_INT, 0, end);
            LibC.call("poll", poll, 1L, (int) patience.toMillis());
            return (poll.get(ValueLayout.JAVA_SHORT, 6) & POLLHUP) != 0;
        }
    }
}
