package dev.portshare;

import dev.portshare.admin.AdminOptions;
import dev.portshare.admin.AdminServer;
import dev.portshare.admin.Instance;
import dev.portshare.admin.Reloads;
import dev.portshare.route.Route;
import dev.portshare.session.BackendState;
import dev.portshare.session.MappedAddresses;
import dev.portshare.telemetry.Telemetry;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A front with its admin interface, and how to ask it in HTTP. */
final class Administered implements Instance, AutoCloseable {
    static final Instant START = Instant.parse("2026-11-23T07:59:33Z");

    final AdminServer server;
    final List<String> told = new ArrayList<>();
    private final Front front;
    private Reloads reloads = Reloads.none(START);

    Administered(Front front, AdminOptions options) throws IOException {
        this.front = front;
        this.server = AdminServer.start(options, this, InstantSource.system());
    }

    /** The whole answer to {@code request}, whose headers but for the last empty line are given. */
    static String ask(SocketAddress address, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            String lines = request.replace("\n", "\r\n") + "\r\n\r\n";
            channel.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    @Override
    public Telemetry telemetry() {
        return front.portshare.telemetry();
    }

    @Override
    public List<String> addresses() {
        return front.portshare.addresses();
    }

    @Override
    public List<Route> routes() {
        return front.portshare.configuration().routes();
    }

    @Override
    public MappedAddresses mapped() {
        return front.portshare.mapped();
    }

    @Override
    public List<BackendState> backends(String route) {
        return front.portshare.backends(route);
    }

    @Override
    public String drain(String backend, boolean undo) throws IOException {
        return front.portshare.drain(backend, undo);
    }

    @Override
    public Map<String, Integer> gates() {
        return Map.of();
    }

    @Override
    public boolean isReady() {
        return !front.portshare.isDraining();
    }

    @Override
    public Reloads reloads() {
        return reloads;
    }

    @Override
    public long droppedLines() {
        return 7;
    }

    /** Fails the first time. */
    @Override
    public Reloaded reload() {
        boolean success = reloads.failed() > 0;
        reloads = reloads.and(success, START.plusSeconds(60));
        told.add("reload");
        return success
                ? new Reloaded("done", List.of(), List.of("r.yaml:2:1: warning: y: may be z; write z"))
                : new Reloaded("refused", List.of("r.yaml:1:1: x: no; write y"), List.of());
    }

    @Override
    public void drain() {
        told.add("drain");
    }

    @Override
    public void close() {
        server.close();
    }
}
