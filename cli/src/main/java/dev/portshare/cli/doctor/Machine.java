package dev.portshare.cli.doctor;

import dev.portshare.route.Backend;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** What can be asked of a machine without changing it. */
interface Machine {
    /** What comes of connecting to a backend. */
    enum Answer {
        ACCEPTS,
        REFUSES,
        /** Nothing came back in time. */
        IS_SILENT,
        /** No way leads there, or the path of its socket does not exist or is not for this user. */
        UNREACHABLE,
        /** Its name has no address. */
        UNKNOWN
    }

    /** What the kernel says of itself and of processes. */
    Proc proc();

    /** Whether this process could listen on {@code address}: it takes the address for a moment, and does not listen. */
    boolean canBind(InetSocketAddress address);

    /** Whether this machine has the address, or it stands for all. */
    boolean hasAddress(InetSocketAddress address);

    /** Connects to {@code backend}, and hangs up at once. */
    Answer connect(Backend backend, Duration patience);

    /** What {@code backend} makes of a client that sends {@code bytes} and waits. */
    Reply ask(Backend.Tcp backend, byte[] bytes);

    /** What {@code command} prints; empty where there is no such program, or it fails. */
    Optional<String> output(String... command);
}
