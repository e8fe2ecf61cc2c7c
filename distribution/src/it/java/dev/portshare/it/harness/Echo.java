package dev.portshare.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A backend in a process of its own, which can be stopped and killed: sends back whatever it gets, and its FIN behind that. Where it is
 * killed, its connections are reset, so that nobody takes for whole what is not. Ends with its input.
 *
 * <p>Arguments: address and port; then {@code deaf}, for one that accepts and never reads.
 */
public final class Echo {
    private Echo() {}

    /** Prints {@code echo on PORT} when it can be reached. */
    public static void main(String[] arguments) throws IOException {
        boolean deaf = arguments.length > 2;
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(
                new java.net.InetSocketAddress(InetAddress.getByName(arguments[0]), Integer.parseInt(arguments[1])),
                4096);
        System.out.println("echo on " + listener.getLocalPort());
        Thread.ofPlatform().daemon().start(() -> accept(listener, deaf));
        while (System.in.read() != -1) {
            // Nobody says anything.
        }
    }

    private static void accept(ServerSocket listener, boolean deaf) {
        while (true) {
            try {
                Socket socket = listener.accept();
                // What the kernel does with it at our death, too.
                socket.setSoLinger(true, 0);
                Thread.ofVirtual().start(() -> serve(socket, deaf));
            } catch (IOException _) {
                // Its client has gone already.
            }
        }
    }

    private static void serve(Socket socket, boolean deaf) {
        try (socket) {
            if (deaf) {
                Thread.sleep(Long.MAX_VALUE);
            }
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.setSoLinger(false, 0);
        } catch (IOException | InterruptedException _) {
            // The client went its way.
        }
    }
}
