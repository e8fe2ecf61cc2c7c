package dev.portshare.backend;

import dev.portshare.connection.Exhaustion;
import dev.portshare.session.CloseReason;
import io.netty.channel.unix.Errors;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/** What a failed {@code socket(2)}, {@code connect(2)} or first {@code send(2)} means for the connection. */
final class ConnectFailure {
    /** Netty's ConnectException tells its errno in the message alone. */
    private static final String REFUSED = "error(" + Errors.ERROR_ECONNREFUSED_NEGATIVE + ")";

    private ConnectFailure() {}

    static CloseReason reason(Exception failure) {
        @Nullable Throwable error = failure instanceof Errors.NativeIoException ? failure : failure.getCause();
        if (error instanceof Errors.NativeIoException io) {
            return reason(io.expectedErr());
        }
        String message = failure.getMessage();
        return failure instanceof ConnectException && message != null && message.contains(REFUSED)
                ? CloseReason.BACKEND_REFUSED
                : CloseReason.BACKEND_UNREACHABLE;
    }

    /** The meaning of Linux's {@code errno}, negative as Netty has it. */
    static CloseReason reason(int errno) {
        return switch (errno) {
            case -111 -> CloseReason.BACKEND_REFUSED; // ECONNREFUSED
            case -110 -> CloseReason.BACKEND_TIMEOUT; // ETIMEDOUT
            case -104, -32 -> CloseReason.BACKEND_RESET; // ECONNRESET, EPIPE: it had accepted
            case -99 -> CloseReason.NO_PORTS; // EADDRNOTAVAIL: bind() or connect() found no port
            default -> Exhaustion.is(errno) ? CloseReason.NO_DESCRIPTORS : CloseReason.BACKEND_UNREACHABLE;
        };
    }
}
