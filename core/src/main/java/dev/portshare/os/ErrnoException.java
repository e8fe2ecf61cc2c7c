package dev.portshare.os;

/** A call of the C library failed; the message names it. */
public final class ErrnoException extends Exception {
    private final int errno;

    ErrnoException(String function, int errno) {
        super(function + ": errno " + errno);
        this.errno = errno;
    }

    /** No call failed; {@code message} tells what did. */
    public ErrnoException(String message) {
        super(message);
        this.errno = 0;
    }

    /** The error's number, errno(3); 0 where there is none. */
    public int errno() {
        return errno;
    }
}
