package dev.portshare.os;

/** A call of the C library failed; the message names it. */
public final class ErrnoException extends Exception {
    private final int errno;

    ErrnoException(String function, int errno) {
        super(function + ": errno " + errno);
        this.errno = errno;
    }

    /** The error's number, errno(3). */
    public int errno() {
        return errno;
    }
}
