package dev.portshare.tls;

import org.jspecify.annotations.Nullable;

/** BoringSSL cannot be had on this machine, or does not take a certificate or a key that the route file's reader took. */
public final class TlsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TlsUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
