package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100 MB arrive as they were sent. */
@Needs({"nginx", "curl", "openssl"})
class BulkIT {
    private static final int SIZE = 100_000_000;

    @TempDir
    private static Path folder;

    private static Path original;
    private static Nginx nginx;
    private static Portshare portshare;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(folder);
        original = nginx.www().resolve("big");
        Files.write(original, Sockets.random(SIZE));
        portshare = Portshare.start("--listen", "0", "--openvpn", "127.0.0.1:1", "--otherwise", nginx.alpha());
    }

    @AfterAll
    static void stop() {
        try (Nginx _ = nginx;
                Portshare _ = portshare) {}
    }

    @Test
    void aDownloadIsWhole() throws Exception {
        download("127.0.0.1", "down");
        Connection connection = portshare.connection();
        assertThat(connection.number("out")).isGreaterThan(SIZE);
        assertThat(connection.close()).isEqualTo("completed");
    }

    @Test
    void anUploadIsWhole() throws Exception {
        upload("::1", "up");
        Connection connection = portshare.connection();
        assertThat(connection.number("in")).isGreaterThan(SIZE);
        assertThat(connection.close()).isEqualTo("completed");
    }

    @Test
    void bothAtOnceAreWhole() throws Exception {
        var down = CompletableFuture.runAsync(() -> download("::1", "down-beside"));
        upload("127.0.0.1", "up-beside");
        down.join();
        long moved =
                portshare.connection().number("in") + portshare.connection().number("in");
        assertThat(moved).isGreaterThan(SIZE);
    }

    private static void download(String address, String name) {
        Path file = folder.resolve(name);
        nginx.curl(address, portshare.port(), Nginx.ALPHA, "/big", "--output", file.toString())
                .run()
                .ok();
        assertSameAsOriginal(file);
    }

    private static void upload(String address, String name) {
        nginx.curl(address, portshare.port(), Nginx.ALPHA, "/upload/" + name, "--upload-file", original.toString())
                .run()
                .ok();
        assertSameAsOriginal(nginx.www().resolve("upload").resolve(name));
    }

    private static void assertSameAsOriginal(Path copy) {
        try {
            assertThat(Files.mismatch(original, copy)).isEqualTo(-1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
