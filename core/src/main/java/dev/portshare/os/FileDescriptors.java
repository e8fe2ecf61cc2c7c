package dev.portshare.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Descriptors that no object stands for: those that another process opened, or shall have. */
public final class FileDescriptors {
    private static final int F_SETFD = 2;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final int O_NONBLOCK = 04000;

    private FileDescriptors() {}

    /**
     * From now on calls on {@code fd} do not wait. A unit with NonBlocking=yes has seen to that, which saves the start 70 ms:
     * then the descriptor is only missing FD_CLOEXEC, and the JDK closes every descriptor in what it starts.
     */
    public static void adopt(int fd) throws IOException, ErrnoException {
        int flags = flags(Files.readString(Path.of("/proc/self/fdinfo/" + fd)));
        if ((flags & O_NONBLOCK) == 0) {
            fcntl(fd, F_SETFL, flags | O_NONBLOCK);
            fcntl(fd, F_SETFD, FD_CLOEXEC);
        }
    }

    /** Closes {@code fd}: whatever close(2) says of it, Linux has given the descriptor back. */
    public static void close(int fd) {
        try {
            LibC.call("close", fd);
        } catch (ErrnoException _) {
            // As above.
        }
    }

    /** The flags in a file of /proc/self/fdinfo, in octal digits, proc(5). */
    static int flags(String fdinfo) {
        String key = "flags:";
        int start = fdinfo.indexOf(key) + key.length();
        return Integer.parseInt(
                fdinfo.substring(start, fdinfo.indexOf('\n', start)).strip(), 8);
    }

    private static void fcntl(int fd, int command, int argument) throws ErrnoException {
        LibC.variadic("fcntl", 2, fd, command, argument);
    }
}
