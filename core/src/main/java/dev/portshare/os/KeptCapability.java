package dev.portshare.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The one capability that a thread keeps, and with it the threads that it starts afterwards, when its process gives up root: to
 * connect from addresses that are not this machine's (capabilities(7), prctl(2): PR_SET_KEEPCAPS).
 *
 * @param mask of CAP_NET_RAW, or of CAP_NET_ADMIN where only that is there; 0: none
 */
record KeptCapability(long mask) {
    static final KeptCapability NONE = new KeptCapability(0);

    /** It permits more than the other, so it comes second. */
    private static final long NET_ADMIN = 1L << 12;

    private static final long NET_RAW = 1L << 13;

    private static final int PR_SET_KEEPCAPS = 8;
    /** _LINUX_CAPABILITY_VERSION_3: capabilities are sets of 64, in two halves. */
    private static final int VERSION = 0x20080522;

    private static final int HALF = 3 * Integer.BYTES;
    private static final int PERMITTED = Integer.BYTES;

    /** What of it this thread has. */
    static KeptCapability ofThisThread() throws IOException {
        long permitted = Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("CapPrm:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring(line.indexOf(':') + 1).strip(), 16))
                .findFirst()
                .orElse(0);
        return new KeptCapability((permitted & NET_RAW) != 0 ? NET_RAW : permitted & NET_ADMIN);
    }

    /** From now on, another user keeps what this thread may have: with all else, until {@link #reduce}. */
    void hold() throws ErrnoException {
        if (mask != 0) {
            LibC.variadic("prctl", 1, PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L);
        }
    }

    /** Leaves this alone, and in force; another change of user would end it. */
    void reduce() throws ErrnoException {
        if (mask == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            // struct __user_cap_header_struct: version, thread (0: this one).
            MemorySegment header = arena.allocate(Long.BYTES, Integer.BYTES);
            header.set(ValueLayout.JAVA_INT, 0, VERSION);
            // struct __user_cap_data_struct of each half: effective, permitted, inheritable.
            MemorySegment sets = arena.allocate(2 * HALF, Integer.BYTES);
            sets.set(ValueLayout.JAVA_INT, 0, (int) mask);
            sets.set(ValueLayout.JAVA_INT, PERMITTED, (int) mask);
            LibC.call("capset", header, sets);
        }
        LibC.variadic("prctl", 1, PR_SET_KEEPCAPS, 0L, 0L, 0L, 0L);
    }

    /** As /proc shows it. */
    @Override
    public String toString() {
        return "%016x".formatted(mask);
    }
}
