package dev.portshare;

import dev.portshare.LifeModel.Backend;
import dev.portshare.connection.Loop;
import dev.portshare.detect.Corpus;
import dev.portshare.detect.tls.Hellos;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What connections of one kind meet: two backends, and one portshare after the other. */
final class LifeWorld implements AutoCloseable {
    /** All that a connection can hold: places, an address of a pool, a file of a journal. */
    private static final String ROUTES = """
        listen: 127.0.0.1:0
        limits: {connections: 100, connections-per-client: 100, heads: 100}
        mapped: {pool: 127.77.0.0/24}
        timeouts: {silent: %s, head: 10m, connect: 10m, idle: 20m, half-closed: 15m, drain: 10m}
        routes:
        %s
          - {name: other, when: {%s}, to: "%s"%s}
          - {name: all, to: "%s"%s}
        """;

    private static final int PATIENCE_SECONDS = 20;

    final boolean early;
    final Backend kind;
    final Path journal;
    /** What the client says that names {@link #other}. */
    final byte[] head;

    final ServerSocket backend;
    final ServerSocket other;
    private final List<Socket> keepers = new ArrayList<>();
    private final List<Front> fronts = new ArrayList<>();
    private @Nullable Front front;
    private @Nullable LifeAccounts accounts;
    private int ended;

    LifeWorld(boolean early, Backend kind, Path journal) throws IOException {
        this.early = early;
        this.kind = kind;
        this.journal = journal;
        this.head = early ? Corpus.bytes("openvpn-plain-1.bin") : Hellos.head("other.dev.test");
        this.backend = open();
        this.other = open();
    }

    private ServerSocket open() throws IOException {
        return switch (kind) {
            case ACCEPTS -> Front.backend();
            case REFUSES -> refusing();
            case NEVER_ANSWERS -> full();
        };
    }

    /** Nothing listens there any more, and nobody else is given the port. */
    private ServerSocket refusing() throws IOException {
        ServerSocket closed = Front.backend();
        SocketAddress address = closed.getLocalSocketAddress();
        closed.close();
        Socket keeper = new Socket();
        keeper.bind(address);
        keepers.add(keeper);
        return closed;
    }

    /** Whoever connects waits for a place. */
    private ServerSocket full() throws IOException {
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(full.getLocalSocketAddress(), 200);
                keepers.add(socket);
            } catch (SocketTimeoutException e) {
                socket.close();
                if (keepers.isEmpty()) {
                    throw e;
                }
                return full;
            }
        }
    }

    String yaml(boolean reloaded) {
        String attached = ", source: mapped, journal: " + journal;
        return ROUTES.formatted(
                early ? "0s" : "10m",
                reloaded ? "  - {name: closed, when: {from: 127.0.0.0/8}, to: reject}" : "",
                early ? "protocol: openvpn" : "sni: named.dev.test",
                Front.at(other),
                attached,
                Front.at(backend),
                attached);
    }

    /** The portshare that serves now. */
    Front front() throws Exception {
        Front now = front;
        if (now == null) {
            now = Front.serving(yaml(false));
            fronts.add(now);
            front = now;
            accounts = new LifeAccounts(now, journal);
            ended = 0;
        }
        return now;
    }

    Loop loop() throws Exception {
        return front().portshare.loops().getFirst();
    }

    boolean runs() throws Exception {
        return !loop().isShuttingDown();
    }

    /** Another one serves from now on; what served before is closed by {@link #end} or {@link #close}. */
    void succeed() {
        front = null;
    }

    /** Ends {@code front}. */
    void end(Front front) {
        front.close();
        fronts.remove(front);
        if (front == this.front) {
            this.front = null;
        }
    }

    /** One more connection has ended here, and nothing is left of any. */
    void check() throws Exception {
        ended++;
        accounts().check(ended);
    }

    LifeAccounts accounts() {
        return Objects.requireNonNull(accounts, "a portshare serves");
    }

    /** Lets the event loop handle whatever is there now, and what comes of that. */
    void settle() throws Exception {
        if (!runs()) {
            return;
        }
        Loop loop = loop();
        int turn = result(loop.submit(loop::turn));
        while (result(loop.submit(loop::turn)) - turn < 4) {}
    }

    /** What {@code task} says, which takes no time. */
    static <T> T result(Future<T> task) throws Exception {
        return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Forgets connections that nobody wanted, in a backend's backlog. */
    void forgetStrays() throws IOException {
        if (kind != Backend.ACCEPTS) {
            return;
        }
        for (ServerSocket each : List.of(backend, other)) {
            int patience = each.getSoTimeout();
            each.setSoTimeout(1);
            try {
                while (true) {
                    each.accept().close();
                }
            } catch (SocketTimeoutException _) {
                each.setSoTimeout(patience);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Front each : List.copyOf(fronts)) {
            end(each);
        }
        backend.close();
        other.close();
        for (Socket keeper : keepers) {
            keeper.close();
        }
    }
}
