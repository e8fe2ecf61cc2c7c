package dev.portshare.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.listen.ListenException;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StageTest {
    private final BlockingQueue<ConnectionRecord> ended = new LinkedBlockingQueue<>();
    private Stage stage;
    private int port;

    @BeforeEach
    void open() throws Exception {
        stage = Stage.open(0, ended::add, Clock.systemUTC());
        port = port(stage);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void eachNameReachesItsOwnPage() throws Exception {
        assertThat(request("localhost", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("You reached the web server");
        assertThat(ended.poll(10, TimeUnit.SECONDS))
                .extracting(ConnectionRecord::route)
                .isEqualTo("web");

        assertThat(request("blog.demo.test", "GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n"))
                .contains("content-type: text/html")
                .contains("You reached <b>the blog</b>");
        assertThat(ended.poll(10, TimeUnit.SECONDS))
                .extracting(ConnectionRecord::route)
                .isEqualTo("blog");
    }

    @Test
    void thereIsOnePageAndItIsReadNotWritten() throws Exception {
        assertThat(request("localhost", "GET /favicon.ico HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
        assertThat(request("localhost", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"))
                .startsWith("HTTP/1.1 404 ");
        assertThat(request("localhost", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n");
        assertThat(request("localhost", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void anOpenVpnClientGetsItsServerReset() throws Exception {
        try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            client.getOutputStream().write(HexFormat.of().parseHex("000e380102030405060708" + "0000000000"));
            byte[] answer = new byte[28];
            new DataInputStream(client.getInputStream()).readFully(answer);
            assertThat(HexFormat.of().formatHex(answer)).startsWith("001a40").endsWith("010203040506070800000000");
        }
        assertThat(ended.poll(10, TimeUnit.SECONDS))
                .extracting(ConnectionRecord::route)
                .isEqualTo("vpn");
    }

    @Test
    void aPortThatIsTakenIsSaidToBeAndNothingIsLeftRunning() {
        assertThatThrownBy(() -> Stage.open(port, ended::add, Clock.systemUTC()))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void closingEndsLiveConnections() throws Exception {
        Stage another = Stage.open(0, ended::add, Clock.systemUTC());
        try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), port(another))) {
            client.getOutputStream().write(HexFormat.of().parseHex("000e380102030405060708" + "0000000000"));
            assertThat(client.getInputStream().readNBytes(28)).hasSize(28);
            another.close();
            assertThat(ended.poll(10, TimeUnit.SECONDS))
                    .extracting(ConnectionRecord::close)
                    .isEqualTo(CloseReason.STOPPED);
        }
    }

    private static int port(Stage stage) {
        Matcher url = Pattern.compile("https://localhost:(\\d+)/").matcher(stage.introduction());
        assertThat(url.find()).isTrue();
        return Integer.parseInt(url.group(1));
    }

    private String request(String name, String request) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The certificate is made anew at each start; SelfSignedTest looks at it. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
