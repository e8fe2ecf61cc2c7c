package dev.portshare.backend;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.Optional;

/** Whether a thread may connect from addresses that are not this machine's: by having a socket permit it. */
final class TransparencyProbe extends Socket {
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
        } catch (IOException | ChannelException e) {
            return Optional.of(problem(e));
        }
    }

    /** The error's number is nowhere but in the system's own words. */
    private static String problem(Exception e) {
        return "source: transparent takes the capability CAP_NET_RAW (or CAP_NET_ADMIN), which portshare does not have"
                + " ("
                + e.getMessage() + "): under systemd, put share/portshare/transparent.conf into"
                + " /etc/systemd/system/portshare.service.d/, then systemctl daemon-reload and"
                + " systemctl restart portshare; in a container, --cap-add NET_RAW; and what root"
                + " starts with --user keeps it where a route of the start is transparent: restart"
                + " that";
    }
}
