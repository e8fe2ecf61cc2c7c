package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Browser;
import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page in a real browser. */
@Needs({"chromium", "curl"})
class StatusPageIT {
    /** In JavaScript: the text of the element with an id. */
    private static final String TEXT = "(id => document.getElementById(id).textContent)";

    @TempDir
    private Path folder;

    private ServerSocket echo;
    private Portshare portshare;
    private String url;

    @BeforeEach
    void start() throws Exception {
        echo = Sockets.echo();
        portshare = Portshare.routing("""
            routes: [{name: closed, when: {protocol: openvpn}, to: reject}, {name: web, to: "%s"}]
            admin: {http: 127.0.0.1:0}
            """.formatted(at(echo)));
        String line = portshare.line("admin interface at ");
        url = line.substring(line.indexOf("http"));
    }

    @AfterEach
    void stop() throws Exception {
        portshare.close();
        echo.close();
    }

    @Test
    void numbersMoveAndNothingIsComplainedOf() throws Exception {
        try (Socket client = connect(portshare, hello("moving.example.org"));
                Browser browser = new Browser(folder)) {
            Thread traffic = Thread.ofVirtual().start(() -> echo(client));
            browser.open(url);
            browser.until("%s('state') == 'serving' && %s('active').startsWith('1')".formatted(TEXT, TEXT));
            // A rate between two looks of the page, not the sum since the start.
            browser.until("/^[1-9][0-9.]* .B.s/.test(%s('in')) && /^[1-9][0-9.]* .B.s/.test(%s('out'))"
                    .formatted(TEXT, TEXT));
            browser.until("document.querySelector('#live td.words').textContent == 'moving.example.org'");
            browser.until(
                    "[...document.querySelectorAll('#routes tr')].some(row => row.innerText.startsWith('web\tup\t1\t1"
                            + "\t'))");
            browser.until("/now: in [1-9]/.test(document.querySelector('#throughput svg').getAttribute('aria-label'))");
            browser.until("document.querySelector('#throughput path.in').getAttribute('d').includes('L')");
            browser.until("document.querySelector('#talkers td').textContent == '127.0.0.1'");
            traffic.interrupt();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aClientStandsBesideTheAddressThatItsBackendSees() throws Exception {
        try (Portshare mapped = Portshare.routing("""
            routes: [{name: web, to: "%s", source: mapped}]
            admin: {http: 127.0.0.1:0}
            """.formatted(at(echo)));
                Socket client = connect(mapped, hello("mapped.example.org"));
                Browser browser = new Browser(folder)) {
            String line = mapped.line("admin interface at ");
            browser.open(line.substring(line.indexOf("http")));
            browser.until(
                    "/^127.0.0.1:%d as 127[.][0-9.]+$/.test(document.querySelector('#live span.name').textContent)"
                            .formatted(client.getLocalPort()));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void itWorksWithoutAMouseInTheDarkAndOnAPhone() throws Exception {
        try (Socket _ = connect(portshare, hello("one.example.org"));
                Socket _ = connect(portshare, hello("two.example.org"));
                Browser browser = new Browser(folder)) {
            browser.show(390, 800, "light");
            browser.open(url);
            browser.until("document.querySelectorAll('#live tr').length == 2");
            browser.until("document.documentElement.scrollWidth <= innerWidth");
            browser.until("getComputedStyle(document.body).backgroundColor == 'rgb(244, 246, 248)'");
            browser.show(1280, 900, "dark");
            browser.until("getComputedStyle(document.body).backgroundColor == 'rgb(14, 17, 22)'");
            browser.press("/");
            for (String letter : "TWO".split("")) {
                browser.press(letter);
            }
            browser.until("document.querySelectorAll('#live tr').length == 1");
            browser.until("document.querySelector('#live td.words').textContent == 'two.example.org'");
            browser.until("%s('found') == '1 of 2'".formatted(TEXT));
            browser.until(
                    "(document.querySelector('#connections svg').focus(), document.activeElement.tagName == 'svg')");
            browser.until("document.querySelector('#connections path.in') != null");
            browser.press("ArrowLeft");
            browser.until("/ 5 s ago:/.test(document.querySelector('#connections svg').getAttribute('aria-label'))");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void whatAClientChoseIsText() throws Exception {
        String evil = "<script>document.title='gotcha'</script>";
        String worse = "<img/src=x/onerror=document.title='gotcha'>";
        try (Socket _ = connect(portshare, hello(evil));
                Socket _ = connect(portshare, hello(worse));
                Browser browser = new Browser(folder)) {
            browser.open(url);
            browser.until("document.querySelectorAll('#live tr').length == 2");
            for (String name : List.of(evil, worse)) {
                browser.until("[...document.querySelectorAll('#live td.words')].some(cell => cell.innerHTML == \""
                        + name.replace("<", "&lt;").replace(">", "&gt;") + "\")");
            }
            browser.until("document.title == 'portshare'");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** The page with a script that it did not come with, served with the same headers: it does not run, and the console says so. */
    @Test
    void thePolicyKeepsAStrangersScriptOut() throws Exception {
        String answer =
                Command.of("curl", "-si", "--max-time", "20", url).run().ok().out();
        int body = answer.indexOf("\r\n\r\n") + 4;
        assertThat(answer.substring(0, body)).contains("default-src 'none'").doesNotContain("unsafe");
        assertThat(answer.substring(body)).doesNotContainPattern("(src|href|url)[=(]\"?(https?:)?//");
        String page = answer.substring(body)
                .replace("</body>", "<script>document.title = 'gotcha'</script><p style=\"color: red\">x</p></body>");
        String headers = answer.substring(0, body).replaceAll("(?m)^content-length:.*\r\n", "");
        try (ServerSocket stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Browser browser = new Browser(folder)) {
            Thread.ofVirtual().start(() -> serve(stranger, headers + page));
            browser.open("http://127.0.0.1:" + stranger.getLocalPort() + "/");
            browser.until("document.querySelector('p') != null && document.readyState == 'complete'");
            browser.until("document.title == 'portshare'");
            assertThat(browser.complaints())
                    .anyMatch(line -> line.contains("script-src") && line.contains("Content Security Policy"))
                    .anyMatch(line -> line.contains("style-src") && line.contains("Content Security Policy"));
        }
    }

    private static void serve(ServerSocket server, String answer) {
        while (true) {
            try (Socket socket = server.accept()) {
                byte[] request = new byte[4096];
                if (socket.getInputStream().read(request) > 0) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    socket.shutdownOutput();
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            } catch (IOException _) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private static void echo(Socket client) {
        byte[] bytes = new byte[8192];
        try {
            while (!Thread.currentThread().isInterrupted()) {
                client.getOutputStream().write(bytes);
                client.getInputStream().readNBytes(bytes.length);
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    /** The least of a ClientHello (RFC 8446, 4.1.2) that asks for {@code serverName}, whatever that is. */
    private static byte[] hello(String serverName) throws IOException {
        byte[] name = serverName.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        int extension = name.length + 5;
        hello.write(new byte[] {22, 3, 1});
        number(hello, 4 + 2 + 32 + 1 + 4 + 2 + 2 + 4 + extension);
        hello.write(new byte[] {1, 0});
        number(hello, 2 + 32 + 1 + 4 + 2 + 2 + 4 + extension);
        hello.write(new byte[] {3, 3});
        hello.write(new byte[32 + 1]);
        hello.write(new byte[] {0, 2, 0x13, 1, 1, 0});
        number(hello, 4 + extension);
        number(hello, 0);
        number(hello, extension);
        number(hello, name.length + 3);
        hello.write(0);
        number(hello, name.length);
        hello.write(name);
        return hello.toByteArray();
    }

    private static void number(ByteArrayOutputStream hello, int number) {
        hello.write(number >> 8);
        hello.write(number);
    }
}
