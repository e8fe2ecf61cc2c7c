package dev.portshare.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * No program that this process starts can have more privileges than it has, set-user-ID or not (PR_SET_NO_NEW_PRIVS,
 * prctl(2)). That is a thread's own; seccomp(2) can hand it to all threads, together with a filter, which lets everything pass.
 */
final class NoNewPrivileges {
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    /** To every thread. */
    private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    /** Processors speculate as before: old kernels take a filter for a sign that strangers' code is run. */
    private static final int SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;

    private static final short BPF_RET = 6;
    private static final int SECCOMP_RET_ALLOW = 0x7fff0000;

    /** The number of seccomp(2), for which the C library has no function. */
    private static final long SECCOMP = System.getProperty("os.arch").equals("aarch64") ? 277 : 317;

    private NoNewPrivileges() {}

    static void set() throws ErrnoException {
        LibC.variadic("prctl", 1, PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
        try (Arena arena = Arena.ofConfined()) {
            // struct sock_filter: an instruction (2 bytes), two jumps (1 byte each), an operand (4 bytes).
            MemorySegment filter = arena.allocate(Long.BYTES, Long.BYTES);
            filter.set(ValueLayout.JAVA_SHORT, 0, BPF_RET);
            filter.set(ValueLayout.JAVA_INT, 4, SECCOMP_RET_ALLOW);
            // struct sock_fprog: how many instructions, and where they are.
            MemorySegment program = arena.allocate(2 * Long.BYTES, Long.BYTES);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            program.set(ValueLayout.ADDRESS, Long.BYTES, filter);
            int thread = LibC.variadic(
                    "syscall",
                    1,
                    SECCOMP,
                    SECCOMP_SET_MODE_FILTER,
                    SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                    program);
            if (thread != 0) {
                throw new ErrnoException("seccomp: thread " + thread + " has a filter of its own", 0);
            }
        }
    }
}
