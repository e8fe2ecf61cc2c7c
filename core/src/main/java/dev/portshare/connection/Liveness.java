package dev.portshare.connection;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.time.Duration;

/** How soon the kernel gives up a peer that does not answer (tcp(7)). */
public final class Liveness {
    private static final int SOL_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_USER_TIMEOUT = 18;
    private static final int MAX_KEEPALIVE_SECONDS = 32767;

    private Liveness() {}

    /**
     * Has {@code socket}, a TCP socket with keep-alive, give up once {@code lost} has passed without an answer: to what was sent, or to the
     * probes that begin when nothing has come for half of it. What a listening socket accepts does the same.
     *
     * @param lost above zero
     */
    public static void limit(Socket socket, Duration lost) throws IOException {
        socket.setIntOpt(SOL_TCP, TCP_USER_TIMEOUT, (int) Math.min(lost.toMillis(), Integer.MAX_VALUE));
        socket.setIntOpt(SOL_TCP, TCP_KEEPIDLE, seconds(lost.dividedBy(2)));
        socket.setIntOpt(SOL_TCP, TCP_KEEPINTVL, seconds(lost.dividedBy(8)));
    }

    private static int seconds(Duration duration) {
        return Math.clamp(duration.toSeconds(), 1, MAX_KEEPALIVE_SECONDS);
    }
}
