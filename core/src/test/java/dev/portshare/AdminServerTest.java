package dev.portshare;

import static dev.portshare.Administered.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portshare.admin.AdminOptions;
import dev.portshare.route.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask the admin interface, and who may tell it to do something. */
class AdminServerTest {
    @TempDir
    private Path folder;

    private Path socket;
    private ServerSocket backend;
    private Front front;
    private Administered administered;

    @BeforeEach
    void start() throws Exception {
        socket = folder.resolve("admin.sock");
        backend = Front.backend();
        front = Front.to(backend);
        administered = new Administered(
                front, new AdminOptions(socket, AdminOptions.mode("0620"), new HostPort("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() throws Exception {
        administered.close();
        front.close();
        backend.close();
    }

    private String overSocket(String request) throws IOException {
        return ask(UnixDomainSocketAddress.of(socket), request);
    }

    private InetSocketAddress address() {
        URI uri = URI.create(administered.server.addresses().getLast());
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort());
    }

    private String overHttp(String request) throws IOException {
        return ask(address(), request);
    }

    @Test
    void theFileModeIsTheAccessControlOfTheSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw--w----");
        administered.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void aSocketOfADeadProcessIsReplacedAndALiveOneRefused() throws Exception {
        AdminOptions same = AdminOptions.at(socket);
        assertThatThrownBy(() -> new Administered(front, same))
                .hasMessageContaining(socket + ": another portshare answers there");
        Path left = folder.resolve("left.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(left))
                .close();
        assertThat(left).exists();
        try (Administered _ = new Administered(front, AdminOptions.at(left))) {
            assertThat(ask(UnixDomainSocketAddress.of(left), "GET /healthz HTTP/1.1"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "precious");
        assertThatThrownBy(() -> new Administered(front, AdminOptions.at(file))).hasMessageContaining("no socket");
        assertThat(file).hasContent("precious");
        assertThatThrownBy(() -> new Administered(front, AdminOptions.at(folder.resolve("no/admin.sock"))))
                .hasMessageContaining("there is no folder");
    }

    @ParameterizedTest
    @CsvSource({"POST /api/reload", "POST /api/drain", "DELETE /api/connections/1", "PUT /metrics"})
    void overHttpItCanOnlyBeAsked(String request) throws IOException {
        assertThat(overHttp(request + " HTTP/1.1\nHost: 127.0.0.1")).startsWith("HTTP/1.1 403 ");
        assertThat(administered.told).isEmpty();
    }

    @Test
    void overTheSocketItIsTold() throws IOException {
        assertThat(overSocket("POST /api/reload HTTP/1.1"))
                .startsWith("HTTP/1.1 422 ")
                .endsWith("{\"summary\":\"refused\",\"problems\":[\"r.yaml:1:1: x: no; write y\"],\"warnings\":[]}\n");
        assertThat(overSocket("POST /api/reload HTTP/1.1"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith(
                        "{\"summary\":\"done\",\"problems\":[],\"warnings\":[\"r.yaml:2:1: warning: y: may be z; write"
                                + " z\"]}\n");
        assertThat(overSocket("POST /api/drain HTTP/1.1")).startsWith("HTTP/1.1 202 ");
        assertThat(administered.told).containsExactly("reload", "reload", "drain");
        assertThat(overSocket("DELETE /api/connections/99 HTTP/1.1")).startsWith("HTTP/1.1 404 ");
        assertThat(overSocket("GET /api/reload HTTP/1.1")).startsWith("HTTP/1.1 405 ");
        assertThat(overSocket("POST /metrics HTTP/1.1")).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void aConnectionIsKilledByItsNumber() throws Exception {
        try (Socket client = front.connect(Front.PLAIN)) {
            Front.accept(backend).close();
            front.record();
            try (Socket other = front.connect(Front.PLAIN);
                    Socket server = Front.accept(backend)) {
                assertThat(overSocket("DELETE /api/connections/1 HTTP/1.1")).startsWith("HTTP/1.1 200 ");
                assertThat(front.record().close()).hasToString("killed");
                assertThat(other.getInputStream().read()).isEqualTo(-1);
                assertThat(client.isClosed() || server.isClosed()).isFalse();
            }
        }
    }

    /** A page of a stranger, whose name leads to 127.0.0.1, could else read everything in the operator's browser. */
    @ParameterizedTest
    @CsvSource({
        "evil.example, 421",
        "evil.example:9443, 421",
        "127.0.0.1.evil.example, 421",
        "'', 421",
        "127.0.0.1, 200",
        "127.0.0.1:9443, 200",
        "[::1]:9443, 200",
        "localhost:9443, 200",
        "LOCALHOST, 200"
    })
    void overHttpItAnswersToItsOwnNamesAlone(String host, int status) throws IOException {
        assertThat(overHttp("GET /api/connections HTTP/1.1\nHost: " + host)).startsWith("HTTP/1.1 " + status);
        assertThat(overSocket("GET /api/connections HTTP/1.1\nHost: " + host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nope", "/%2e%2e/x", "/api"})
    void whatIsNotThereIsNotFound(String path) throws IOException {
        assertThat(overHttp("GET " + path + " HTTP/1.1\nHost: localhost")).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sort=x",
                "limit=-1",
                "limit=99999",
                "offset=9999&limit=2",
                "offset=x",
                "limit=999999999999",
                "q=%zz"
            })
    void aQuestionWithoutSenseIsRefused(String query) throws IOException {
        assertThat(overHttp("GET /api/connections?" + query + " HTTP/1.1\nHost: localhost"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aHeadHasNoBody() throws IOException {
        assertThat(overHttp("HEAD /healthz HTTP/1.1\nHost: localhost"))
                .startsWith("HTTP/1.1 200 ")
                .contains("content-length: 3\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void itIsReadyUntilItDrains() throws Exception {
        assertThat(overHttp("GET /readyz HTTP/1.1\nHost: localhost")).startsWith("HTTP/1.1 200 ");
        try (Socket _ = front.connect(Front.PLAIN);
                Socket _ = Front.accept(backend)) {
            var _ = front.portshare.drain();
            assertThat(overHttp("GET /readyz HTTP/1.1\nHost: localhost")).startsWith("HTTP/1.1 503 ");
            assertThat(overHttp("GET /healthz HTTP/1.1\nHost: localhost")).startsWith("HTTP/1.1 200 ");
            assertThat(overHttp("GET /api/status HTTP/1.1\nHost: localhost")).contains("\"state\":\"draining\"");
        }
    }

    @Test
    void whoHoldsEveryPlaceAtTheAddressDoesNotHoldTheSocket() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                silent.add(new Socket(address().getAddress(), address().getPort()));
            }
            Socket last = silent.getLast();
            last.setSoTimeout(10_000);
            assertThat(last.getInputStream().read()).isEqualTo(-1);
            assertThat(overSocket("GET /healthz HTTP/1.1")).startsWith("HTTP/1.1 200 ");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        await().until(() -> {
            try {
                return overHttp("GET /healthz HTTP/1.1\nHost: localhost").startsWith("HTTP/1.1 200 ");
            } catch (IOException e) {
                return false;
            }
        });
    }
}
