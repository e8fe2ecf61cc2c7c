package dev.portshare.backend;

import dev.portshare.connection.Exhaustion;
import dev.portshare.session.CloseReason;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** What a failed {@code socket(2)}, {@code bind(2)}, {@code connect(2)} or first {@code send(2)} means for the connection. */
final class ConnectFailure {
    private static final int EADDRNOTAVAIL = -99;

    private ConnectFailure() {}

    /**
     * The meaning of {@code failure}.
     *
     * @param backend what was to be connected to
     * @param isBound whether the socket had an address of this machine before
     */
    static CloseReason reason(Exception failure, SocketAddress backend, boolean isBound) {
        CloseReason reason = reason(failure);
        return reason == CloseReason.NO_PORTS && !isBound && !hasAddressFor(backend)
                ? CloseReason.BACKEND_UNREACHABLE
                : reason;
    }

    private static CloseReason reason(Exception failure) {
        @Nullable Throwable error = failure instanceof Errors.NativeIoException ? failure : failure.getCause();
        if (error instanceof Errors.NativeIoException io) {
            return reason(io.expectedErr());
        }
        if (failure instanceof ConnectException) {
            if (isOf(failure, Errors.ERROR_ECONNREFUSED_NEGATIVE)) {
                return CloseReason.BACKEND_REFUSED;
            }
            if (isOf(failure, EADDRNOTAVAIL)) {
                return CloseReason.NO_PORTS;
            }
        }
        return CloseReason.BACKEND_UNREACHABLE;
    }

    /** Netty's ConnectException tells its errno in the message alone. */
    private static boolean isOf(Exception failure, int errno) {
        String message = failure.getMessage();
        return message != null && message.contains("error(" + errno + ")");
    }

    /** The meaning of Linux's {@code errno}, negative as Netty has it. */
    static CloseReason reason(int errno) {
        return switch (errno) {
            case -111 -> CloseReason.BACKEND_REFUSED; // ECONNREFUSED
            case -110 -> CloseReason.BACKEND_TIMEOUT; // ETIMEDOUT
            case -104, -32 -> CloseReason.BACKEND_RESET; // ECONNRESET, EPIPE: it had accepted
            case EADDRNOTAVAIL -> CloseReason.NO_PORTS; // connect() found no port
            default -> Exhaustion.is(errno) ? CloseReason.NO_DESCRIPTORS : CloseReason.BACKEND_UNREACHABLE;
        };
    }

    /**
     * Whether this machine has an address from which a packet could leave for {@code backend}. Where it has no IPv6 address, connecting
     * to one fails just as if no port were free. UDP's ports are others, so it is not short of them too.
     */
    private static boolean hasAddressFor(SocketAddress backend) {
        if (!(backend instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address)) {
            return true;
        }
        try (DatagramChannel probe = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            probe.connect(backend);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            // The latter says Java, where there was none at the start.
            return false;
        }
    }
}
