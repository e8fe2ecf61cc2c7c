package dev.portshare.connection;

/** The errors of Linux that say: not now, the process or the machine has no more of what a socket takes. */
public final class Exhaustion {
    private Exhaustion() {}

    /** Whether {@code errno}, negative as Netty has it, says so. */
    public static boolean is(int errno) {
        return switch (errno) {
            case -24, -23, -105, -12 -> true; // EMFILE, ENFILE, ENOBUFS, ENOMEM
            default -> false;
        };
    }
}
