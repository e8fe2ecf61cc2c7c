package dev.portshare.connection;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The last descriptors that the process may open: no client gets one, so that the operator can still ask what is going on, reload, and
 * have the log begin a new file while clients have used up all others. The kernel gives out the lowest number that is free, open(2): who
 * gets one of the last finds all others taken, closes it, and goes without.
 *
 * <p>Other servers keep one descriptor open and close it when there is no other, to accept a client and end it. Here clients wait in the
 * backlog instead, and are served when others have left; and what is closed for one thread another would get.
 */
public final class Reserve {
    /** Of a small limit an eighth. */
    private static final int SIZE = 16;

    private static final int EMFILE = -24;
    private static final Path LIMITS = Path.of("/proc/self/limits");

    /** The first number that is kept. The first clients need not wait until the limit is read: with fewer numbers nothing can run. */
    private static volatile int first = 64;

    private Reserve() {}

    /** Whether {@code fd}, which was opened just now, is one of those. */
    public static boolean has(int fd) {
        if (fd < first) {
            return false;
        }
        renew();
        return fd >= first;
    }

    /** Looks anew which they are: somebody may have changed the limit, prlimit(1). */
    public static void renew() {
        first = first();
    }

    /** Whether {@code fd} is not much before them, so that it is worth asking {@link #isNext}. */
    public static boolean isNear(int fd) {
        return fd >= first - SIZE;
    }

    /** Whether what is opened now would be one of those. */
    public static boolean isNext() {
        try {
            FileDescriptor probe = FileDescriptor.from("/dev/null");
            probe.close();
            return has(probe.intValue());
        } catch (IOException _) {
            return true;
        }
    }

    /**
     * Itself, if it is not one of those; else it is closed.
     *
     * @throws Errors.NativeIoException as if there were none left
     */
    static int unreserved(int fd) throws Errors.NativeIoException {
        if (has(fd)) {
            close(fd);
            throw Errors.newIOException("open", EMFILE);
        }
        return fd;
    }

    private static void close(int fd) {
        try {
            new FileDescriptor(fd).close();
        } catch (IOException _) {
            // Linux has given it back whatever close() says.
        }
    }

    private static int first() {
        int limit = limit();
        return limit - Math.min(SIZE, limit / 8);
    }

    /** The soft limit of open files; more than there can be where the kernel does not say. */
    private static int limit() {
        try {
            return limit(Files.readString(LIMITS));
        } catch (IOException | RuntimeException _) {
            return Integer.MAX_VALUE;
        }
    }

    /** The soft limit of open files in a file of /proc/self/limits, proc(5). */
    static int limit(String limits) {
        String key = "Max open files";
        String values = limits.substring(limits.indexOf(key) + key.length()).stripLeading();
        long soft = Long.parseLong(values.substring(0, values.indexOf(' ')));
        return (int) Math.min(soft, Integer.MAX_VALUE);
    }
}
