package dev.portshare.listen;

import dev.portshare.os.ErrnoException;
import dev.portshare.os.FileDescriptors;
import dev.portshare.session.Endpoint;
import dev.portshare.systemd.PassedSockets;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A listening socket that the service manager opened and keeps, so that clients wait in its backlog while this program is
 * started anew. Its options stay as the socket unit says, but for TCP_DEFER_ACCEPT, by which the clocks go.
 */
final class PassedSocket extends ListeningSocket {
    private static final Logger LOG = LogManager.getLogger(PassedSocket.class);

    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private final boolean isUnix;

    private PassedSocket(int fd, ListenAddress address, boolean isUnix) {
        super(fd, address, null);
        this.isUnix = isUnix;
    }

    /**
     * Those of {@code passed} that have the name.
     *
     * @throws ListenException where there is none, or one is no listening stream socket
     */
    static List<ListeningSocket> open(ListenAddress.Passed address, PassedSockets passed) throws ListenException {
        List<ListeningSocket> sockets = new ArrayList<>();
        for (int fd : passed.named(address.name())) {
            sockets.add(adopt(fd, address));
        }
        if (!sockets.isEmpty()) {
            return sockets;
        }
        throw new ListenException("cannot listen on " + address + ": systemd passed no socket of this name"
                + (passed.names().isEmpty()
                        ? " (" + passed.reason()
                                + "). Start portshare through its socket unit, or write an address such" + " as 443."
                        : ", but " + String.join(", ", passed.names()) + ". Write systemd:"
                                + passed.names().iterator().next() + ", or FileDescriptorName=" + address.name()
                                + " into the socket unit."));
    }

    /** Warns of those that nothing listens on: clients would wait in their backlog for nobody. */
    static void warnOfUnused(PassedSockets passed, List<ListenAddress> addresses) {
        if (passed.names().isEmpty()) {
            return;
        }
        Set<String> unused = new TreeSet<>(passed.names());
        for (ListenAddress address : addresses) {
            if (address instanceof ListenAddress.Passed(String name)) {
                unused.remove(name);
            }
        }
        for (String name : unused) {
            LOG.warn(
                    "systemd passed the socket \"{}\", and nothing listens on it: its clients wait for nobody. Write"
                            + " systemd:{} into listen, or stop its socket unit.",
                    name,
                    name);
        }
    }

    static PassedSocket adopt(int fd, ListenAddress address) throws ListenException {
        try {
            Socket socket = new Socket(fd);
            if (socket.getIntOpt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM) {
                throw unusable(address, "a datagram socket. Write ListenStream= into its socket unit.");
            }
            if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
                throw unusable(address, "a connection. Write Accept=no into its socket unit.");
            }
            int family = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
            if (family != AF_INET && family != AF_INET6 && family != AF_UNIX) {
                throw unusable(address, "neither of IP nor a Unix socket. Correct ListenStream= in its socket unit.");
            }
            FileDescriptors.adopt(fd);
            PassedSocket passed = new PassedSocket(fd, address, family == AF_UNIX);
            if (!passed.isUnix) {
                // As an earlier process may have left it; ListeningSocket.deferAccept sets it where it is wanted.
                passed.setIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT, 0);
                if (!passed.isTcpNoDelay()) {
                    LOG.warn("{}: small messages are held up. Write NoDelay=yes into its socket unit.", address);
                }
            }
            return passed;
        } catch (ChannelException | IOException | ErrnoException e) {
            throw unusable(address, "no socket (" + e.getMessage() + "). Write ListenStream= into its socket unit.");
        }
    }

    private static ListenException unusable(ListenAddress address, String what) {
        return new ListenException("cannot listen on " + address + ": what systemd passed is " + what);
    }

    @Override
    boolean isUnix() {
        return isUnix;
    }

    @Override
    boolean isKept() {
        return true;
    }

    /** The name and, behind it, what the unit opened under it. */
    @Override
    String where() {
        InetSocketAddress local = isUnix ? null : localAddress();
        return address() + " "
                + (local == null ? unixPath() : Endpoint.of(local).toString());
    }

    private String unixPath() {
        // An abstract name begins with NUL.
        return "unix:" + localDomainSocketAddress().path().replace('\0', '@');
    }

    /** Leaves the descriptor open: it is the service manager's, and a configuration read later may listen on it again. */
    @Override
    public void close() {}
}
