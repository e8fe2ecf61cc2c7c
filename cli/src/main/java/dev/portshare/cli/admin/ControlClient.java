package dev.portshare.cli.admin;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks a running portshare over its admin socket, in HTTP/1.1, one connection a question. */
public final class ControlClient {
    private final Path socket;

    /** Asks whoever listens at {@code socket}. */
    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /**
     * An answer.
     *
     * @param status of HTTP: 200 where all is well
     */
    public record Answer(int status, String body) {
        /** The body, which is a JSON object. */
        public Report report() {
            return Report.parse(body);
        }
    }

    /**
     * Asks for {@code path}, which must be there.
     *
     * @throws IOException where nobody answers or the answer is another, with a message for the operator
     */
    public Report get(String path) throws IOException {
        Answer answer = ask("GET", path);
        if (answer.status != 200) {
            throw new IOException(socket + " answers " + answer.status + " to " + path + ": " + answer.body.strip());
        }
        return answer.report();
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws IOException where nobody answers, with a message for the operator
     */
    public Answer ask(String method, String path) throws IOException {
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return answer(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
        } catch (ConnectException e) {
            throw new IOException(
                    "nobody answers at " + socket + ": its portshare has ended. Start it, or say with --admin where"
                            + " another one answers.",
                    e);
        } catch (SocketException e) {
            throw explained(e);
        }
    }

    private IOException explained(SocketException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Permission denied")) {
            return new IOException(
                    "you may not open " + socket + ": ask as root or as a member of its group, which \"ls -l\" tells"
                            + " (admin.mode in the route file)",
                    e);
        }
        if (!Files.exists(socket)) {
            return new IOException(
                    "there is no " + socket + ": write\n    admin: {socket: " + socket + "}\ninto the route file of the"
                            + " running portshare and restart it, or start it with --admin " + socket
                            + ". Where it answers elsewhere, say so with --admin PATH.",
                    e);
        }
        return new IOException(socket + ": " + message, e);
    }

    private Answer answer(String response) throws IOException {
        int body = response.indexOf("\r\n\r\n");
        if (!response.startsWith("HTTP/1.1 ") || body < 0) {
            throw new IOException(socket + " does not answer as portshare does");
        }
        int status = Integer.parseInt(response.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
        return new Answer(status, response.substring(body + 4));
    }
}
