package dev.portshare.it.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * nginx with three HTTPS servers, one for each kind of backend address: {@code alpha} on IPv4, {@code beta} on IPv6,
 * {@code rest} on a Unix-domain socket. Each answers {@code /who} with its name, the SNI, and the protocols in use;
 * serves what is in {@link #www}; and takes what is PUT under {@code /upload/} there.
 */
public final class Nginx implements AutoCloseable {
    public static final String ALPHA = "alpha.test";
    public static final String BETA = "beta.test";

    private final Path folder;
    private final int alphaPort;
    private final int betaPort;
    private final Path trusted;
    private final Process process;

    /** Keeps everything in {@code folder}, which is somebody else's to remove. */
    public Nginx(Path folder) throws IOException {
        this(folder, "");
    }

    /** With more {@code directives} for all three. */
    public Nginx(Path folder, String directives) throws IOException {
        this.folder = folder;
        alphaPort = Sockets.freePort();
        betaPort = Sockets.freePort();
        Files.createDirectories(www().resolve("upload"));
        Certificate alpha = Certificate.create(folder, "alpha", "DNS:" + ALPHA);
        Certificate beta = Certificate.create(folder, "beta", "DNS:" + BETA + ",DNS:*." + BETA);
        Certificate rest = Certificate.create(folder, "rest", "DNS:*.test");
        trusted = folder.resolve("trusted.pem");
        Files.writeString(
                trusted,
                Files.readString(alpha.file()) + Files.readString(beta.file()) + Files.readString(rest.file()));
        Path configuration = folder.resolve("nginx.conf");
        Files.writeString(
                configuration,
                resource("nginx.conf")
                        .replace("${user}", Machine.isRoot() ? "user root;" : "")
                        .replace("${folder}", folder.toString())
                        .replace("${log}", directives.contains("access_log") ? "" : "access_log off;")
                        .replace("${directives}", directives)
                        .replace("${alpha}", "127.0.0.1:" + alphaPort)
                        .replace("${beta}", "[::1]:" + betaPort));
        Path log = folder.resolve("error.log");
        process = Command.builder(
                        List.of("nginx", "-p", folder.toString(), "-c", configuration.toString(), "-e", log.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        try {
            await().atMost(Portshare.PATIENCE).until(() -> answers() || !process.isAlive());
            if (!process.isAlive()) {
                throw new IOException("nginx: " + Files.readString(log));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = Nginx.class.getResourceAsStream("/" + name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The socket of the last server is bound last. */
    private boolean answers() {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("rest.sock")))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The backend address of the server {@code alpha}. */
    public String alpha() {
        return "127.0.0.1:" + alphaPort;
    }

    public String beta() {
        return "[::1]:" + betaPort;
    }

    public String rest() {
        return "unix:" + folder.resolve("rest.sock");
    }

    public Path www() {
        return folder.resolve("www");
    }

    /** curl for {@code https://NAME/PATH}, which finds every name at {@code address} and trusts the certificates. */
    public Command curl(String address, int port, String name, String path, String... options) {
        var words = new ArrayList<>(List.of(
                "curl", "--silent", "--show-error", "--fail", "--max-time", "50", "--cacert", trusted.toString()));
        words.add("--connect-to");
        words.add("::" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port);
        words.addAll(List.of(options));
        words.add("https://" + name + path);
        return Command.of(words);
    }

    /** Ends the master, which ends its worker. */
    public void end() {
        Command.end(process);
    }

    @Override
    public void close() {
        end();
    }
}
