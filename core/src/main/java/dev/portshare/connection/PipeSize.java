package dev.portshare.connection;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes pipes larger with fcntl(2), F_SETPIPE_SZ, for which Netty has no call. In the 64 KiB that a pipe has by itself, a
 * gigabyte costs twice the time: the receiver is woken four times as often.
 */
final class PipeSize {
    /** What a pipe holds afterwards, in bytes. An unprivileged user may have 256 such (pipe-user-pages-soft, pipe(7)). */
    static final int BYTES = 256 * 1024;

    private static final int F_SETPIPE_SZ = 1031;

    private static final AtomicBoolean isAskedFor = new AtomicBoolean();
    private static volatile @Nullable MethodHandle fcntl;

    private PipeSize() {}

    /** Whether {@link #enlarge} does its work. Who asks first has it prepared, which takes a thread of its own a while. */
    static boolean isPrepared() {
        if (!isAskedFor.get() && isAskedFor.compareAndSet(false, true)) {
            // Not at start: most of it is the code of java.lang.foreign, and many a portshare never moves anything
            // large.
            Thread.ofPlatform().daemon().name("pipes").start(PipeSize::prepare);
        }
        return fcntl != null;
    }

    @SuppressWarnings("restricted") // Every start of the program allows native access: Netty needs it too.
    private static void prepare() {
        Linker linker = Linker.nativeLinker();
        MethodHandle call = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("fcntl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        // The first call links more: it is made here, on no descriptor, rather than on an event loop.
        enlarge(call, -1);
        fcntl = call;
    }

    /** Enlarges the pipe of {@code fd} where this user may have one that large; else it stays as it is. */
    static void enlarge(int fd) {
        MethodHandle call = fcntl;
        if (call != null) {
            enlarge(call, fd);
        }
    }

    private static void enlarge(MethodHandle call, int fd) {
        try {
            var _ = (int) call.invokeExact(fd, F_SETPIPE_SZ, BYTES);
        } catch (Throwable e) {
            throw new AssertionError("fcntl takes three numbers and throws nothing", e);
        }
    }
}
