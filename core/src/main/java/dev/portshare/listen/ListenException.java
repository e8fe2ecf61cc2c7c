package dev.portshare.listen;

/** An address cannot be listened on; the message says why, and what to do about it. */
public final class ListenException extends Exception {
    ListenException(String message) {
        super(message);
    }
}
