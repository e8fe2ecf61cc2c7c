package dev.portshare.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A message with descriptors over a Unix socket (SCM_RIGHTS, unix(7)): the receiver gets its own of the same open files. They
 * stay open on the way, whatever the sender closes. The layouts are those of struct msghdr on 64-bit Linux.
 */
public final class DescriptorMessage {
    /** The most descriptors in a message: SCM_MAX_FD of the kernel. */
    public static final int MOST = 253;

    private static final int AF_UNIX = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int EAGAIN = 11;

    private static final int HEADER = 56;
    private static final int CONTROL_HEADER = 16;
    private static final int LONGEST_TEXT = 256;

    private DescriptorMessage() {}

    /**
     * Sends {@code text} with {@code descriptors}; never waits.
     *
     * @param address where to, the path's bytes, an abstract name's first one being NUL; null over a connected socket
     * @throws ErrnoException EAGAIN where the receiver has no room, for one
     */
    public static void send(int socket, byte @Nullable [] address, byte[] text, int... descriptors)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(text.length);
            bytes.copyFrom(MemorySegment.ofArray(text));
            int length = CONTROL_HEADER + Integer.BYTES * descriptors.length;
            MemorySegment control = arena.allocate(aligned(length), Long.BYTES);
            control.set(ValueLayout.JAVA_LONG, 0, length);
            control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
            control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
            control.asSlice(CONTROL_HEADER).copyFrom(MemorySegment.ofArray(descriptors));
            MemorySegment header = header(arena, bytes, control);
            if (address != null) {
                MemorySegment name = arena.allocate(Short.BYTES + address.length, Short.BYTES);
                name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
                name.asSlice(Short.BYTES).copyFrom(MemorySegment.ofArray(address));
                header.set(ValueLayout.ADDRESS, 0, name);
                header.set(ValueLayout.JAVA_INT, 8, (int) name.byteSize());
            }
            LibC.call("sendmsg", socket, header, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
    }

    /**
     * Receives the next message's descriptors, which are closed in what this process may start; never waits.
     *
     * @return none where the message has none; null where no message waits, or none will come any more
     */
    public static int @Nullable [] receive(int socket) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment control = arena.allocate(aligned(CONTROL_HEADER + (long) Integer.BYTES * MOST), Long.BYTES);
            MemorySegment header = header(arena, arena.allocate(LONGEST_TEXT), control);
            int length = LibC.call("recvmsg", socket, header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
            if (header.get(ValueLayout.JAVA_LONG, 40) < CONTROL_HEADER) {
                return length == 0 ? null : new int[0];
            }
            long size = control.get(ValueLayout.JAVA_LONG, 0) - CONTROL_HEADER;
            return control.asSlice(CONTROL_HEADER, size).toArray(ValueLayout.JAVA_INT);
        } catch (ErrnoException e) {
            if (e.errno() == EAGAIN) {
                return null;
            }
            throw e;
        }
    }

    /** struct msghdr: name, its length, struct iovec and how many, control and its length, flags. */
    private static MemorySegment header(Arena arena, MemorySegment bytes, MemorySegment control) {
        MemorySegment vector = arena.allocate(2 * Long.BYTES, Long.BYTES);
        vector.set(ValueLayout.ADDRESS, 0, bytes);
        vector.set(ValueLayout.JAVA_LONG, 8, bytes.byteSize());
        MemorySegment header = arena.allocate(HEADER, Long.BYTES);
        header.set(ValueLayout.ADDRESS, 16, vector);
        header.set(ValueLayout.JAVA_LONG, 24, 1);
        header.set(ValueLayout.ADDRESS, 32, control);
        header.set(ValueLayout.JAVA_LONG, 40, control.byteSize());
        return header;
    }

    private static long aligned(long length) {
        return (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }
}
