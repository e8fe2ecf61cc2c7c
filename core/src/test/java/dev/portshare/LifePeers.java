package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Both peers of one connection: what they do, and what they see of each other. */
final class LifePeers implements AutoCloseable {
    private final LifeWorld world;
    private final List<Socket> sockets = new ArrayList<>();
    private final Socket client;
    private @Nullable Socket server;
    private int sent;
    private int arrived;
    private int answered;
    private int answersSeen;

    /** A client that connects now. */
    LifePeers(LifeWorld world) throws Exception {
        this.world = world;
        client = world.front().connect();
        sockets.add(client);
    }

    boolean hasServer() {
        return server != null;
    }

    /** The backend's connection was given up: what it said on it went nowhere. */
    void forgetServer() {
        server = null;
        answered = 0;
    }

    void act(LifeEvent event) throws IOException {
        switch (event) {
            case PARTIAL -> send(Arrays.copyOfRange(world.head, sent, sent + 2));
            case DECIDE -> send(Arrays.copyOfRange(world.head, sent, world.head.length));
            case KEEP -> send(Front.PLAIN);
            case BYTES -> send(new byte[] {7});
            case FIN -> client.shutdownOutput();
            case RESET -> Front.reset(client);
            case BACKEND_BYTES -> {
                server().getOutputStream().write(new byte[] {8});
                answered++;
            }
            case BACKEND_FIN -> server().shutdownOutput();
            case BACKEND_RESET -> Front.reset(server());
            default -> throw new IllegalArgumentException(event + " is no peer's");
        }
    }

    private void send(byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        sent += bytes.length;
    }

    private Socket server() {
        assertThat(server).as("a backend's connection").isNotNull();
        return server;
    }

    /** The backend has a connection, if {@code model} says so. */
    void seeServer(LifeModel model) throws IOException {
        if (server == null && model.hasServer()) {
            server = Front.accept(model.toOther ? world.other : world.backend);
            sockets.add(server);
            arrived = 0;
        }
    }

    /** Both have all that the other sent, and its end, as {@code model} has it, which is spliced. */
    void seeBytes(LifeModel model) throws IOException {
        Socket peer = server();
        assertThat(peer.getInputStream().readNBytes(sent - arrived)).hasSize(sent - arrived);
        arrived = sent;
        assertThat(client.getInputStream().readNBytes(answered - answersSeen)).hasSize(answered - answersSeen);
        answersSeen = answered;
        if (model.clientFin) {
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        if (model.backendFin) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
