package dev.portshare.dns;

import java.net.UnknownHostException;

/** Who must know says that there is no such name: no failure to find out, which any other {@link UnknownHostException} is. */
final class NotThereException extends UnknownHostException {
    NotThereException(String message) {
        super(message);
    }
}
