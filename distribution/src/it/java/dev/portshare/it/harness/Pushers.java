package dev.portshare.it.harness;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients in a process of their own that send as much as goes, and never read. Ends with its input.
 *
 * <p>Arguments: address, port, how many, and the line that each says first.
 */
public final class Pushers {
    private Pushers() {}

    /** Prints {@code all were ended} when every one of them was. */
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[2]);
        AtomicInteger left = new AtomicInteger(count);
        for (int i = 0; i < count; i++) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = Sockets.connect(arguments[0], Integer.parseInt(arguments[1]))) {
                    socket.getOutputStream().write((arguments[3] + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        socket.getOutputStream().write(new byte[16 * 1024]);
                    }
                } catch (IOException _) {
                    if (left.decrementAndGet() == 0) {
                        System.out.println("all were ended");
                    }
                }
            });
        }
        while (System.in.read() != -1) {
            // Nobody says anything.
        }
    }
}
