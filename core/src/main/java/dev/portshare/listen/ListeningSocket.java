package dev.portshare.listen;

import dev.portshare.connection.Liveness;
import dev.portshare.session.Endpoint;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** A bound and listening socket. Options set here are inherited by every accepted socket (tcp(7)): one call instead of many. */
class ListeningSocket extends Socket {
    private static final Logger LOG = LogManager.getLogger(ListeningSocket.class);
    /** The kernel cuts it down to net.core.somaxconn. */
    static final int BACKLOG = 4096;

    private static final Path DISABLED = Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6");
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int EACCES = -13;
    private static final int EADDRINUSE = -98;
    private static final int EADDRNOTAVAIL = -99;

    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEPORT = 15;
    static final int IPPROTO_TCP = 6;
    static final int TCP_DEFER_ACCEPT = 9;

    private final ListenAddress address;
    private final @Nullable Path path;
    private boolean defers;

    ListeningSocket(int fd, ListenAddress address, @Nullable Path path) {
        super(fd);
        this.address = address;
        this.path = path;
    }

    /**
     * Binds and listens.
     *
     * @param shares as {@link #sharePort}
     * @throws ListenException where that cannot be, with a message for the operator
     */
    static ListeningSocket open(ListenAddress address, boolean shares) throws ListenException {
        // No switch over types: linking it at the first use takes 10 ms of the start.
        if (address instanceof ListenAddress.Tcp(String host, int port)) {
            return openTcp(address, resolve(address, host), port, shares);
        }
        if (address instanceof ListenAddress.Unix(String path)) {
            return openUnix(address, path);
        }
        return openAny(address, ((ListenAddress.Any) address).port(), shares);
    }

    private static ListeningSocket openAny(ListenAddress address, int port, boolean shares) throws ListenException {
        try {
            // An explicit 0, whatever net.ipv6.bindv6only says: IPv4 clients come in on this socket too.
            ListeningSocket socket = open(address, true, 0, new InetSocketAddress(anyIpv6(), port), shares);
            if (isIpv6Disabled()) {
                LOG.info(
                        "IPv6 is switched off on this machine ({} is 1): {} gets IPv4 clients only", DISABLED, address);
            }
            return socket;
        } catch (ChannelException | IOException e) {
            if (errno(e) == EACCES || errno(e) == EADDRINUSE) {
                throw explained(address, "[::]:" + port, e);
            }
            LOG.info("IPv6 is switched off on this machine ({}): {} listens on IPv4 only", e.getMessage(), address);
            return openTcp(address, anyIpv4(), port, shares);
        }
    }

    /** The kernel still hands out IPv6 sockets then, on which IPv4 clients come in. */
    private static boolean isIpv6Disabled() {
        try {
            return Files.readString(DISABLED).startsWith("1");
        } catch (IOException e) {
            return false;
        }
    }

    private static ListeningSocket openTcp(ListenAddress address, InetAddress ip, int port, boolean shares)
            throws ListenException {
        try {
            return open(address, ip instanceof Inet6Address, 1, new InetSocketAddress(ip, port), shares);
        } catch (ChannelException | IOException e) {
            throw explained(address, Endpoint.of(ip, port).toString(), e);
        }
    }

    private static ListeningSocket open(
            ListenAddress address, boolean ipv6, int v6only, InetSocketAddress ip, boolean shares) throws IOException {
        ListeningSocket socket = new ListeningSocket(newSocketStream0(ipv6), address, null);
        try {
            if (ipv6) {
                socket.setIntOpt(IPPROTO_IPV6, IPV6_V6ONLY, v6only);
            }
            socket.setReuseAddress(true);
            if (shares) {
                socket.sharePort(true);
            }
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.bind(ip);
            socket.listen(BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Has the kernel give up clients of whom nothing is heard for {@code lost}; zero leaves it as it is. */
    void limitSilence(Duration lost) {
        if (lost.isZero() || isUnix()) {
            return;
        }
        try {
            Liveness.limit(this, lost);
        } catch (IOException e) {
            LOG.warn("timeouts.lost has no effect on clients of {}: {}", address, e.getMessage());
        }
    }

    private static ListeningSocket openUnix(ListenAddress address, String name) throws ListenException {
        boolean isAbstract = name.startsWith("@");
        Path path = isAbstract ? null : Path.of(name);
        // bind() below would remove whatever stands there.
        if (path != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!isSocket(path)) {
                throw new ListenException("cannot listen on " + address + ": a file that is no socket stands there");
            }
            if (answers(name)) {
                throw new ListenException("cannot listen on " + address + ": another process listens there");
            }
        }
        ListeningSocket socket = new ListeningSocket(newSocketDomain0(), address, path);
        try {
            socket.bind(new DomainSocketAddress(isAbstract ? "\0" + name.substring(1) : name));
            socket.listen(BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw explained(address, address.toString(), e);
        }
    }

    private static boolean isSocket(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000) == 0140000;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answers(String path) {
        Socket probe = newSocketDomain();
        try (AutoCloseable _ = probe::close) {
            return probe.connect(new DomainSocketAddress(path));
        } catch (Exception _) {
            return false;
        }
    }

    private static InetAddress resolve(ListenAddress address, String host) throws ListenException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ListenException("cannot listen on " + address + ": no address is known for \"" + host
                    + "\"; write an address of this machine, or the port alone for all of them");
        }
    }

    private static ListenException explained(ListenAddress address, String where, Exception e) {
        String remedy = switch (errno(e)) {
            case EACCES ->
                address instanceof ListenAddress.Unix
                        ? "permission denied. Choose a folder that this user may write to."
                        : "permission denied. Ports below 1024 need CAP_NET_BIND_SERVICE: set"
                              + " AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, start portshare.socket"
                              + " and listen on systemd:https, or run as root with --user.";
            case EADDRINUSE ->
                "another process listens there already; \"ss -ltnp\" names it. Stop it, or choose another"
                        + " address.";
            case EADDRNOTAVAIL ->
                "this machine does not have that address. \"ip address\" lists those it has; the port alone means"
                        + " all of them.";
            default -> e.getMessage();
        };
        return new ListenException("cannot listen on " + where + ": " + remedy);
    }

    private static int errno(Exception e) {
        Throwable error = e instanceof ChannelException ? e.getCause() : e;
        return error instanceof Errors.NativeIoException io ? io.expectedErr() : 0;
    }

    private static InetAddress anyIpv6() {
        return new Endpoint(0, 0, 0, 0).address();
    }

    private static InetAddress anyIpv4() {
        return Endpoint.ipv4(0, 0).address();
    }

    /**
     * Has clients accepted with their first bytes, or when they have said nothing for a second: whoever accepts can then read
     * and decide at once (tcp(7), TCP_DEFER_ACCEPT).
     *
     * @return whether they are; never on a Unix-domain socket
     */
    boolean deferAccept(boolean wanted) {
        if (wanted == defers || isUnix()) {
            return defers;
        }
        try {
            setIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT, wanted ? (int) Rules.DEFERRAL.toSeconds() : 0);
            defers = wanted;
        } catch (IOException e) {
            LOG.debug("{}: when clients are accepted cannot be changed: {}", address, e.getMessage());
        }
        return defers;
    }

    /** Whether clients are accepted so. */
    boolean defers() {
        return defers;
    }

    /** Whether those who wait in its backlog will be served when it is not accepted from here any more. */
    boolean isKept() {
        return false;
    }

    /** Whether it is a Unix-domain socket, whose clients have no addresses. */
    boolean isUnix() {
        return address instanceof ListenAddress.Unix;
    }

    /**
     * Whether another socket of this user that says the same may be opened on this port (SO_REUSEPORT, socket(7)), where an
     * address takes the place of one that covers it in part. Whoever listens goes on when that is over.
     */
    void sharePort(boolean shares) {
        try {
            setIntOpt(SOL_SOCKET, SO_REUSEPORT, shares ? 1 : 0);
        } catch (IOException e) {
            LOG.debug("{}: the port is not shared: {}", address, e.getMessage());
        }
    }

    /** The TCP port that it listens on; -1 where it is a Unix-domain socket. */
    int port() {
        InetSocketAddress local = address instanceof ListenAddress.Unix ? null : localAddress();
        return local == null ? -1 : local.getPort();
    }

    ListenAddress address() {
        return address;
    }

    /** What it listens on, with the port that the kernel chose where 0 was asked for. */
    String where() {
        InetSocketAddress local = isUnix() ? null : localAddress();
        return local == null ? address.toString() : Endpoint.of(local).toString();
    }

    /** The address that all of its clients connect to; null where they may choose among several. */
    @Nullable
    Endpoint local() {
        InetSocketAddress local = isUnix() ? null : localAddress();
        return local == null || local.getAddress().isAnyLocalAddress() ? null : Endpoint.of(local);
    }

    @Override
    public void close() {
        try {
            super.close();
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("closing {}: {}", address, e.getMessage());
        }
    }
}
