package dev.portshare.tls;

import java.io.IOException;

/** The peer of a TLS connection did what TLS does not permit, or is not whom it should be. */
public final class TlsException extends IOException {
    private static final long serialVersionUID = 1;

    /** With what is wrong, for the log. */
    public TlsException(String message) {
        super(message);
    }

    /** Peers cause these by the thousand; where it was thrown tells nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
