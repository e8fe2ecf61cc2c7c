package dev.portshare.it.harness;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Real OpenVPN servers and clients, with keys of their own: {@code src/it/testbed/openvpn}. */
public final class OpenVpn implements AutoCloseable {
    private static final Path TEST_BED = Repository.MODULE.resolve("src/it/testbed/openvpn");

    private final Path folder;
    private final boolean tunnels;

    /** Makes the keys in {@code folder}, which is somebody else's to remove. */
    public static OpenVpn create(Path folder) throws IOException {
        Files.createDirectories(folder);
        OpenVpn openVpn = new OpenVpn(folder, false);
        openVpn.run("gen").ok();
        return openVpn;
    }

    private OpenVpn(Path folder, boolean tunnels) {
        this.folder = folder;
        this.tunnels = tunnels;
    }

    /** With the same keys; each end of a tunnel has a network namespace, and {@link #data} works. Needs {@code tun}. */
    public OpenVpn withTunnels() {
        return new OpenVpn(folder, true);
    }

    private Command.Result run(String command, String... arguments) {
        return command(command, arguments).run();
    }

    private Command command(String command, String... arguments) {
        String[] words = new String[4 + arguments.length];
        words[0] = "bash";
        words[1] = TEST_BED.toString();
        words[2] = command;
        words[3] = folder.toString();
        System.arraycopy(arguments, 0, words, 4, arguments.length);
        return Command.of(words)
                .with("VERB", "4")
                .with("NETNS", tunnels ? "1" : "")
                .with("P2P", Machine.has("tun") ? "" : "1");
    }

    /** Starts a server on 127.0.0.1. */
    public void server(String mode, int port) {
        run("server", mode, String.valueOf(port)).ok();
    }

    /** The same, which writes every second who is connected. */
    public void server(String mode, int port, Path status) {
        run("server", mode, String.valueOf(port), "--", "--status", status.toString(), "1")
                .ok();
    }

    /** Connects a client from {@code local}, a loopback address; one for each port at a time. */
    public void clientFrom(String local, String mode, int port) {
        command("client", mode, String.valueOf(port))
                .with("LOCAL", local)
                .with("REMOTE", local.contains(":") ? "::1" : "127.0.0.1")
                .run()
                .ok();
    }

    /** Starts one on {@code address}, with more {@code options}. */
    public void server(String mode, String address, int port, String... options) {
        List<String> words = new ArrayList<>(List.of(mode, String.valueOf(port), "--"));
        words.addAll(List.of(options));
        command("server", words.toArray(String[]::new))
                .with("BIND", address)
                .run()
                .ok();
    }

    /** Connects a client, which is up and running when this returns. */
    public void client(String mode, String remote, int port) {
        client(mode, remote, port, "");
    }

    /** The same, where {@code program} is run as openvpn. */
    public void client(String mode, String remote, int port, String program) {
        command("client", mode, String.valueOf(port))
                .with("REMOTE", remote)
                .with("OPENVPN", program)
                .run()
                .ok();
    }

    /**
     * What a client sends first: a whole packet with its length in front, made for the occasion and seen by nobody else.
     *
     * @param program what is run as openvpn
     */
    public byte[] firstPacket(String mode, String program) throws IOException {
        try (ServerSocket listener = Sockets.backend()) {
            int port = listener.getLocalPort();
            Thread client = Thread.ofVirtual()
                    .start(() -> command("client", mode, String.valueOf(port))
                            .with("OPENVPN", program)
                            .run());
            byte[] packet;
            try (Socket socket = Sockets.accept(listener)) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                int length = in.readUnsignedShort();
                packet = ByteBuffer.allocate(2 + length)
                        .putShort((short) length)
                        .put(in.readNBytes(length))
                        .array();
            }
            stopClient(mode, port);
            client.join();
            return packet;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    public byte[] firstPacket(String mode) throws IOException {
        return firstPacket(mode, "");
    }

    /** A key of it: {@code ta.key}, {@code v2-server.key}. */
    public Path key(String name) {
        return folder.resolve(name);
    }

    /** What a server has logged until now, in all detail about its clients. */
    public String serverLog(String mode, int port) throws IOException {
        return Files.readString(folder.resolve("run/server-" + mode + "-" + port + ".log"));
    }

    /** Sends so many bytes through the tunnel, each way, and checks that they arrive whole. */
    public void data(int bytes) {
        run("data", String.valueOf(bytes)).ok();
    }

    public void stopClient(String mode, int port) {
        run("stop", "client-" + mode + "-" + port).ok();
    }

    public void stopServer(String mode, int port) {
        run("stop", "server-" + mode + "-" + port).ok();
    }

    /** Ends all that was started, and removes the network namespaces. */
    @Override
    public void close() {
        run("stop").ok();
    }
}
