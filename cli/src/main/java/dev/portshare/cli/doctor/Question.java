package dev.portshare.cli.doctor;

import dev.portshare.route.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/** Asks a server something, and listens for a moment. */
final class Question {
    /** A web server on this machine, or near it, answers what it answers within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int ENOUGH = 256;

    private Question() {}

    /** What {@code backend} makes of a client that sends {@code bytes} and waits. */
    static Reply ask(Backend.Tcp backend, byte[] bytes) {
        InetAddress literal = backend.literal();
        try (Socket socket = new Socket()) {
            InetAddress address = literal == null ? InetAddress.getByName(backend.host()) : literal;
            socket.connect(new InetSocketAddress(address, backend.port()), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return reply(socket, bytes);
        } catch (IOException _) {
            return new Reply(new byte[0], Reply.End.NONE);
        }
    }

    private static Reply reply(Socket socket, byte[] bytes) {
        byte[] answer = new byte[ENOUGH];
        int length = 0;
        Reply.End end = Reply.End.OPEN;
        try {
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            while (length < ENOUGH) {
                int count = in.read(answer, length, ENOUGH - length);
                if (count < 0) {
                    end = Reply.End.CLOSED;
                    break;
                }
                length += count;
            }
        } catch (SocketTimeoutException _) {
            // It waits for more, as it may.
        } catch (IOException _) {
            end = Reply.End.RESET;
        }
        return new Reply(Arrays.copyOf(answer, length), end);
    }
}
