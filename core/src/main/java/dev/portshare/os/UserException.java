package dev.portshare.os;

/** A user is unknown, or this process cannot become one; the message says why, and what to do about it. */
public final class UserException extends Exception {
    UserException(String message) {
        super(message);
    }
}
