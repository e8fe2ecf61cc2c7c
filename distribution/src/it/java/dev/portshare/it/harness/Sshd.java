package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** OpenSSH's server on a port of 127.0.0.1, and what it logs of its clients. Nobody can log in. */
public final class Sshd implements AutoCloseable {
    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

    private final Path log;
    private final int port;
    private final Process process;

    /** Keeps everything in {@code folder}, which is somebody else's to remove. */
    public Sshd(Path folder) throws IOException {
        this(folder, List.of());
    }

    /** The same, started by another program, which it replaces. */
    public Sshd(Path folder, List<String> prefix) throws IOException {
        port = Sockets.freePort();
        log = folder.resolve("sshd.log");
        Path key = folder.resolve("host_key");
        Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
                .run()
                .ok();
        if (Machine.isRoot()) {
            // What its package makes at boot.
            Files.createDirectories(PRIVILEGE_SEPARATION);
        }
        Path configuration = Files.writeString(folder.resolve("sshd_config"), """
            ListenAddress 127.0.0.1:%d
            HostKey %s
            PidFile none
            LogLevel VERBOSE
            UsePAM no
            PasswordAuthentication no
            """.formatted(port, key));
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString()));
        process = Command.builder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Portshare.PATIENCE)
                    .until(() -> log().contains("Server listening on 127.0.0.1") || !process.isAlive());
            if (!process.isAlive()) {
                throw new IOException("sshd: " + log());
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** As a route file writes it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** What it has logged until now. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        Command.end(process);
    }
}
