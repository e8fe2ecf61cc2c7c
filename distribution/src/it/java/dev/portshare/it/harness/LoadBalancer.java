package dev.portshare.it.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy or nginx in front of portshare, in the foreground, until it is closed. */
public final class LoadBalancer implements AutoCloseable {
    private final Path output;
    private final Process process;

    private LoadBalancer(Path output, int port, String... words) throws IOException {
        this.output = output;
        process = Command.builder(List.of(words))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(Portshare.PATIENCE).until(() -> answers(port) || !process.isAlive());
            if (!process.isAlive()) {
                throw new IOException(words[0] + ": " + Files.readString(output));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /**
     * HAProxy.
     *
     * @param configuration without {@code global}
     * @param port          one that it listens on
     */
    public static LoadBalancer haproxy(Path folder, int port, String configuration) throws IOException {
        Path file = Files.writeString(
                folder.resolve("haproxy.cfg"),
                "defaults\n  mode tcp\n  timeout connect 10s\n  timeout client 1m\n  timeout server 1m\n"
                        + configuration);
        return new LoadBalancer(folder.resolve("haproxy.out"), port, "haproxy", "-db", "-f", file.toString());
    }

    /**
     * nginx.
     *
     * @param servers what stands in {@code stream}
     * @param port    one that it listens on
     */
    public static LoadBalancer nginx(Path folder, int port, String servers) throws IOException {
        Path file = Files.writeString(folder.resolve("nginx-stream.conf"), """
            include /etc/nginx/modules-enabled/*.conf;
            daemon off;
            worker_processes 1;
            pid %1$s/nginx-stream.pid;
            events { worker_connections 256; }
            stream {
            %2$s
            }
            """.formatted(folder, servers));
        return new LoadBalancer(
                folder.resolve("nginx-stream.out"),
                port,
                "nginx",
                "-c",
                file.toString(),
                "-e",
                folder.resolve("nginx-stream.log").toString());
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return output + ": " + e.getMessage();
        }
    }

    @Override
    public void close() {
        Command.end(process);
    }
}
