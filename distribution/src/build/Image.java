import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Builds what users unpack: a folder with the launcher, the jars, a Java runtime and an AOT cache, and a tar.gz of it.
 * distribution/pom.xml runs it from its source, on the JDK that the runtime is then made from.
 */
final class Image {
    /** What of the JDK the program needs; jlink adds what these need in turn. */
    private static final List<String> MODULES = List.of(
            "java.base",
            "jdk.unsupported", // sun.misc.Signal for TERM, INT and HUP
            "java.desktop", // log4j-core cannot do without java.beans
            "java.naming"); // log4j-core warns at each start where it is missing

    private static final byte[] OPENVPN_RESET = HexFormat.of().parseHex("000e38a1b2c3d4e5f607080000000000");

    /** What Netty calls this machine's architecture. */
    private static final String MACHINE = switch (System.getProperty("os.arch")) {
        case "amd64" -> "x86_64";
        case "aarch64" -> "aarch_64";
        default -> throw new IllegalStateException("portshare has no native code for " + System.getProperty("os.arch"));
    };

    private final Path repository = Path.of("..");
    private final Path target;
    private final Path home;
    private final String version;

    private Image(Path target, String version) {
        this.target = target;
        this.home = target.resolve("portshare");
        this.version = version;
    }

    /** @param args the target folder, the version, and the class path of the program */
    public static void main(String[] args) throws Exception {
        Image image = new Image(Path.of(args[0]), args[1]);
        image.clear();
        image.copyFiles();
        image.copyJars(args[2]);
        image.linkRuntime();
        image.trainCache();
        image.pack();
    }

    private void clear() throws IOException {
        if (Files.exists(home)) {
            try (Stream<Path> old = Files.walk(home)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(home.resolve("lib"));
    }

    private void copyFiles() throws IOException {
        copy(Path.of("src/image"), home);
        for (String name : List.of("README.md", "LICENSE", "NOTICE", "docs")) {
            copy(repository.resolve(name), home.resolve(name));
        }
    }

    /**
     * The jars, and the native libraries out of them: so nothing is unpacked at each start, which is slow, and impossible
     * where /tmp forbids execution. Jars for other machines come along: they are small, and the class path names them.
     */
    private void copyJars(String classPath) throws IOException {
        Path lib = home.resolve("lib");
        for (String entry : classPath.split(":")) {
            if (entry.endsWith(".jar")) {
                Path jar = Path.of(entry);
                copy(jar, lib.resolve(jar.getFileName()));
                try (FileSystem files = FileSystems.newFileSystem(jar)) {
                    Path natives = files.getPath("META-INF/native");
                    if (entry.endsWith("-linux-" + MACHINE + ".jar") && Files.exists(natives)) {
                        copy(natives, lib);
                    }
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (!Files.isDirectory(copy)) {
                    Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private void linkRuntime() {
        int exit = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"))
                .run(
                        System.out,
                        System.err,
                        "--add-modules=" + String.join(",", MODULES),
                        // Nothing draws, prints or plays: the libraries that would are 6 MB.
                        "--exclude-files=/java.desktop/lib/**",
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--compress=zip-6",
                        "--output=" + home.resolve("runtime"));
        if (exit != 0) {
            throw new IllegalStateException("jlink failed: " + exit);
        }
    }

    /**
     * Lets the program serve some connections, and stops it: at its end the JVM writes down the classes that were loaded and
     * linked, and which methods ran how often.
     */
    private void trainCache() throws IOException, InterruptedException {
        Path log = target.resolve("aot.log");
        int exit;
        try (PrintStream lines = new PrintStream(log.toFile(), StandardCharsets.UTF_8);
                ServerSocket backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> echo(backend));
            Path routes = target.resolve("training.yaml");
            Files.writeString(routes, routes(backend.getLocalPort()));
            ProcessBuilder builder = new ProcessBuilder(
                            home.resolve("bin/portshare").toAbsolutePath().toString(),
                            "run",
                            "--config",
                            routes.toAbsolutePath().toString())
                    .directory(home.resolve("lib").toFile())
                    .redirectErrorStream(true);
            builder.environment().put("PORTSHARE_JAVA_OPTS", "-XX:AOTCacheOutput=portshare.aot");
            Process portshare = builder.start();
            try (BufferedReader output = portshare.inputReader()) {
                for (String line; (line = output.readLine()) != null; lines.println(line)) {
                    if (line.contains(" listening on ")) {
                        int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
                        Thread.ofVirtual().start(() -> {
                            connect(port);
                            portshare.toHandle().destroy(); // TERM; Process.destroy() would close its output as well
                        });
                    }
                }
            }
            exit = portshare.waitFor();
        }
        if (exit != 0 || !Files.exists(home.resolve("lib/portshare.aot"))) {
            throw new IllegalStateException("the program or the making of its AOT cache failed, see " + log);
        }
    }

    private static String routes(int port) {
        return """
            listen: 127.0.0.1:0
            routes:
              - name: vpn
                when: {protocol: openvpn}
                to: 127.0.0.1:%1$d
              - name: git
                when: {sni: [git.example.org, "*.git.example.org"], alpn: [h2, http/1.1]}
                to: 127.0.0.1:%1$d
              - name: tls
                when: {protocol: tls, from: [127.0.0.0/8, "2001:db8::/32"], not: {sni: "*.example.com"}}
                to: localhost:%1$d
              - name: web
                to: 127.0.0.1:%1$d
            timeouts: {silent: 3s, head: 10s, connect: 5s, idle: 1h, drain: 5s}
            """.formatted(port);
    }

    private static void echo(ServerSocket server) {
        while (true) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException _) {
                        // The next connection may do better.
                    }
                });
            } catch (IOException _) {
                return; // Closed: the training is over.
            }
        }
    }

    private static void connect(int port) {
        try {
            List<byte[]> heads = List.of(
                    OPENVPN_RESET,
                    clientHello("git.example.org", "h2"),
                    clientHello("www.example.org"),
                    "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int round = 0; round < 200; round++) {
                for (byte[] head : heads) {
                    exchange(port, head);
                }
            }
        } catch (IOException e) {
            System.err.println("WARNING: training failed: " + e);
        }
    }

    /** Sends {@code head} in two segments, and waits for its echo and the end. */
    private static void exchange(int port, byte[] head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            out.write(head, 0, 1);
            out.write(head, 1, head.length - 1);
            socket.shutdownOutput();
            try (InputStream in = socket.getInputStream()) {
                in.readAllBytes();
            }
        }
    }

    private static byte[] clientHello(String serverName, String... applicationProtocols) throws IOException {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine(serverName, 443);
            engine.setUseClientMode(true);
            var parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(applicationProtocols);
            engine.setSSLParameters(parameters);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            byte[] bytes = new byte[hello.flip().remaining()];
            hello.get(bytes);
            return bytes;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new SSLException(e);
        }
    }

    /** Packs the folder. Times are kept: Java takes the cache for stale if a jar's time differs. */
    private void pack() throws IOException, InterruptedException {
        String machine = MACHINE.replace("aarch_64", "aarch64"); // as uname says
        String name = "portshare-" + version;
        int exit = new ProcessBuilder(
                        "tar",
                        "--create",
                        "--gzip",
                        "--file=" + target.resolve(name + "-linux-" + machine + ".tar.gz"),
                        "--directory=" + target,
                        "--transform=flags=r;s,^portshare," + name + ",",
                        "--sort=name",
                        "--owner=0",
                        "--group=0",
                        "--numeric-owner",
                        "--mode=u+rwX,go+rX,go-w",
                        "portshare")
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("tar failed: " + exit);
        }
    }
}
