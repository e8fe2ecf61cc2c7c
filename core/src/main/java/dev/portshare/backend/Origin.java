package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Where connections to a backend come from, as that sees it. All event loops share it. */
public interface Origin {
    /** What binds for one connection, from its first try to its last. */
    default Origin forOne() {
        return this;
    }

    /**
     * Binds {@code side}, which is not connected yet, before it is connected to {@code backend} for {@code connection}; on its event
     * loop.
     *
     * @throws IOException where the kernel does not let it
     */
    void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException;

    /** The same for a new {@code side}, where from what {@link #bind} chose before no port was free. */
    default void bindAnew(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        bind(side, backend, connection);
    }

    /** Whether {@code connection} can come to {@code backend} from here at all: not where the families differ. */
    boolean reaches(InetAddress backend, Connection connection);

    /** How often binding and connecting may be tried anew where no port was free: it leads to another address or port each time. */
    default int alternatives() {
        return 0;
    }

    /**
     * Tells what of this the machine does not permit, as the user that the process is now, each with its remedy.
     *
     * @param problem is told
     */
    void check(Consumer<String> problem);

    /** Goes on with what another process bound for {@code connection}; on its event loop. */
    default void adopt(Connection connection) {}

    /** New connections are bound as the configuration that this is of says: it is in force. */
    default void inForce() {}
}
