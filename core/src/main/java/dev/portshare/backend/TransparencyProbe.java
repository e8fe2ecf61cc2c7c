package dev.portshare.backend;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.Optional;

/** Whether a thread may connect from addresses that are not this machine's: by having a socket permit it. */
final class TransparencyProbe extends Socket {
    private static final int EPERM = -1;

    private static final String CAPABILITY =
            "source: transparent takes the capability CAP_NET_RAW (or CAP_NET_ADMIN), which portshare does not have:"
                + " under systemd, put share/portshare/transparent.conf into /etc/systemd/system/portshare.service.d/,"
                + " then systemctl daemon-reload and systemctl restart portshare; in a container, --cap-add NET_RAW;"
                + " and what root starts with --user keeps it where a route of the start is transparent: restart that";

    private TransparencyProbe() {
        super(newSocketStream0(false));
    }

    /**
     * What keeps the calling thread from it, with the remedy. Tried on an IPv4 socket: on one of IPv6 the kernel asks for the same
     * (do_ipv6_setsockopt in net/ipv6/ipv6_sockglue.c).
     */
    static Optional<String> problem() {
        try {
            Socket socket = new TransparencyProbe();
            try {
                Binding.transparent(socket, true);
                return Optional.empty();
            } finally {
                socket.close();
            }
        } catch (Errors.NativeIoException e) {
            return Optional.of(e.expectedErr() == EPERM ? CAPABILITY : unlike(e));
        } catch (IOException | ChannelException e) {
            return Optional.of(unlike(e));
        }
    }

    private static String unlike(Exception e) {
        return "source: transparent does not work on this machine, whose kernel refuses the socket option"
                + " IP_TRANSPARENT ("
                + e.getMessage() + "); write proxy-protocol: v2, or source: mapped";
    }
}
