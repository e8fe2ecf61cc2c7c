package dev.portshare.detect.http;

import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.Decision;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HttpDetectorTest {
    private static final String GET = "GET / HTTP/1.1\r\n";

    private final Detector detector = new HttpDetector();

    @Test
    void aHeadMatchesWithItsLastByteAndTellsItsHost() {
        matchesAtTheEnd(GET + "Host: www.dev.test\r\n\r\n", "www.dev.test");
        matchesAtTheEnd(GET + "Accept: */*\r\nHOST:WWW.dev.test.:8080 \t\r\nX: y\r\n\r\n", "www.dev.test");
        matchesAtTheEnd(GET + "\r\n", null);
        matchesAtTheEnd("GET / HTTP/1.0\r\n\r\n", null);
        matchesAtTheEnd(GET + "Host:\r\n\r\n", null);
        matchesAtTheEnd(GET + "Host: \t \r\n\r\n", null);
        matchesAtTheEnd(GET + "Hosts: a\r\nXHost: b\r\nHos: c\r\n\r\n", null);
        matchesAtTheEnd(GET + "X: \u00e9\t%n\r\nEmpty:\r\n\r\n", null);
        matchesAtTheEnd("GET /\u00e9?a=\"{|}\"&%n#x HTTP/1.9\r\n\r\n", null);
    }

    @Test
    void whatFollowsTheHeadDoesNotMatter() {
        String head = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n";
        assertThat(decision(head + "Host: b\r\n\0")).isEqualTo(matchedAt(head.length() - 1, "a"));
    }

    static Stream<String> methods() {
        return Stream.of("""
            ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT COPY DELETE GET HEAD LABEL LINK LOCK MERGE
            MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST
            PROPFIND PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK
            UPDATE UPDATEREDIRECTREF VERSION-CONTROL
            """.split("\\s+"));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyRegisteredMethodBeginsARequest(String method) {
        matchesAtTheEnd(method + " / HTTP/1.1\r\nHost: a\r\n\r\n", "a");
        assertThat(decision(method + "X / ").detection()).isEqualTo(Detection.NO_MATCH);
        if (!method.equals("GET")) {
            // Only GET had requests without a version.
            assertThat(decision(method + " /\r\n")).isEqualTo(refusedAt(method.length() + 2));
        }
    }

    @Test
    void methodsAreWrittenInCapitalsAndNoOtherIsOne() {
        assertThat(decision("get / ")).isEqualTo(refusedAt(0));
        assertThat(decision("GET\t/ ")).isEqualTo(refusedAt(3));
        assertThat(decision("GETS")).isEqualTo(refusedAt(3));
        assertThat(decision("UPDAT ")).isEqualTo(refusedAt(5));
        assertThat(decision("UPDATER ")).isEqualTo(refusedAt(7));
        assertThat(decision("PRI * HTTP/1.1")).isEqualTo(refusedAt(2));
        assertThat(decision("PROXY TCP4 ")).isEqualTo(refusedAt(3));
        assertThat(decision("SSH-2.0-HTTP")).isEqualTo(refusedAt(1));
        assertThat(decision("xHTTP/1.1")).isEqualTo(refusedAt(0));
        assertThat(decision("* / HTTP/1.1")).isEqualTo(refusedAt(0));
    }

    @Test
    void theRequestLinesHostComesBeforeTheField() {
        String line = "GET http://WWW.dev.test:80/a?b HTTP/1.1\r\n";
        assertThat(decision(line + "Host: other.test\r\n\r\n")).isEqualTo(matchedAt(line.length() - 1, "www.dev.test"));
        matchesAtTheEnd("GET https://[2001:DB8::1] HTTP/1.1\n", "[2001:db8::1]");
        matchesAtTheEnd("OPTIONS http://a.test?x HTTP/1.0\r\n", "a.test");
        matchesAtTheEnd("GET ftp+x-1.y://a.test: HTTP/1.1\r\n", "a.test");
        matchesAtTheEnd("CONNECT far.dev.test:443 HTTP/1.1\r\n", "far.dev.test");
        matchesAtTheEnd("CONNECT [::1]:1 HTTP/1.1\r\n", "[::1]");
    }

    @Test
    void targetHasTheFormThatItsMethodAllows() {
        matchesAtTheEnd("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "x");
        assertThat(decision("GET * HTTP/1.1")).isEqualTo(refusedAt(4));
        assertThat(decision("OPTIONS *x")).isEqualTo(refusedAt(9));
        assertThat(decision("CONNECT /x")).isEqualTo(refusedAt(8));
        assertThat(decision("CONNECT a HTTP")).isEqualTo(refusedAt(9));
        assertThat(decision("CONNECT :443")).isEqualTo(refusedAt(8));
        assertThat(decision("CONNECT a: ")).isEqualTo(refusedAt(10));
        assertThat(decision("CONNECT http://a:443/ ")).isEqualTo(refusedAt(13));
        assertThat(decision("GET x.org/ ")).isEqualTo(refusedAt(9));
        assertThat(decision("GET  / ")).isEqualTo(refusedAt(4));
        assertThat(decision("GET http:/a ")).isEqualTo(refusedAt(10));
        assertThat(decision("GET http:///a ")).isEqualTo(refusedAt(11));
        assertThat(decision("GET http://u@a/ ")).isEqualTo(refusedAt(12));
        assertThat(decision("GET http://a:b/ ")).isEqualTo(refusedAt(13));
        // SIP and RTSP have OPTIONS, too.
        assertThat(Decision.of(detector, Corpus.bytes("sip.bin"))).isEqualTo(refusedAt(12));
        assertThat(decision("OPTIONS rtsp://a/b RTSP/1.0\r\n")).isEqualTo(refusedAt(19));
    }

    @Test
    void versionIsOneOfHttp1OrNoneAtAll() {
        matchesAtTheEnd("GET /\r\n", null);
        matchesAtTheEnd("GET /a\n", null);
        assertThat(decision("GET / HTTP/2.0\r\n")).isEqualTo(refusedAt(11));
        assertThat(decision("GET / http/1.1\r\n")).isEqualTo(refusedAt(6));
        assertThat(decision("GET / HTTP/1.x\r\n")).isEqualTo(refusedAt(13));
        assertThat(decision("GET / HTTP/1.10\r\n")).isEqualTo(refusedAt(14));
        assertThat(decision("GET / HTTP/1.1 \r\n")).isEqualTo(refusedAt(14));
        assertThat(decision("GET http://a/\r\n")).isEqualTo(refusedAt(13));
        assertThat(decision("GET /\rx")).isEqualTo(refusedAt(6));
        assertThat(decision("GET /\0 HTTP/1.1\r\n")).isEqualTo(refusedAt(5));
    }

    @Test
    void aLineMayEndWithLfAlone() {
        matchesAtTheEnd("GET / HTTP/1.1\nHost: a\n\n", "a");
        matchesAtTheEnd("GET / HTTP/1.1\nHost: a\r\n\n", "a");
        assertThat(decision("GET / HTTP/1.1\rHost: a\r\r")).isEqualTo(refusedAt(15));
        assertThat(decision(GET + "Host: a\rb")).isEqualTo(refusedAt(GET.length() + 8));
        assertThat(decision(GET + "X: a\rb")).isEqualTo(refusedAt(GET.length() + 5));
    }

    @Test
    void upToFourEmptyLinesMayComeFirst() {
        matchesAtTheEnd("\r\n" + GET + "\r\n", null);
        matchesAtTheEnd("\n\r\n\n\n" + GET + "\r\n", null);
        assertThat(decision("\r\n\r\n")).isEqualTo(Decision.NONE);
        assertThat(decision("\n\n\n\n\r\nGET")).isEqualTo(refusedAt(4));
        assertThat(decision("\rG")).isEqualTo(refusedAt(1));
        assertThat(decision(" " + GET)).isEqualTo(refusedAt(0));
    }

    /** Servers must refuse two hosts, and a host that is none (RFC 9112, 3.2); which one they would take is not told. */
    @Test
    void aSecondHostIsRefusedAtItsColon() {
        String first = GET + "Host: a\r\n";
        assertThat(decision(first + "hOsT: a\r\n\r\n")).isEqualTo(refusedAt(first.length() + 4));
        assertThat(decision(GET + "Host:\r\nHost: a")).isEqualTo(refusedAt(GET.length() + 11));
    }

    @ParameterizedTest
    @CsvSource({
        "a b, 2",
        "a/, 1",
        "u@a, 1",
        "a:8x, 3",
        "'a\u001b', 1",
        "'a\u0000', 1",
        "'a\u007f', 1",
        "%n, 1",
        "%1x, 2",
        "a%, 2",
        "b\u00fccher, 1",
        "http://a, 5",
        "[], 1",
        "[::1, 4",
        "[x], 1",
        "a\\, 1",
        "a:b:c, 2",
        "'\"a\"', 0",
        "<a>, 0"
    })
    void aHostThatIsNoneIsRefusedAtItsFirstWrongByte(String host, int index) {
        String before = GET + "Host: ";
        assertThat(decision(before + host + "\r\n\r\n")).isEqualTo(refusedAt(before.length() + index));
    }

    @ParameterizedTest
    @CsvSource({
        "WWW.Dev.Test, www.dev.test",
        "a., a",
        "a.:80, a",
        "a:, a",
        "192.0.2.1:80, 192.0.2.1",
        "[::1]:80, [::1]",
        "a_b.test, a_b.test",
        "%41, %41",
        "xn--bcher-kva.test, xn--bcher-kva.test",
        "HTTP.x, http.x",
        ":80,"
    })
    void aHostIsToldInSmallLettersWithoutPortAndTrailingDot(String sent, @Nullable String told) {
        matchesAtTheEnd(GET + "Host: " + sent + "\r\n\r\n", told);
    }

    @Test
    void aHostHasAtMost255Bytes() {
        matchesAtTheEnd(GET + "Host: " + "h".repeat(255) + "\r\n\r\n", "h".repeat(255));
        String before = GET + "Host: " + "h".repeat(253);
        assertThat(decision(before + "hhh")).isEqualTo(refusedAt(before.length() + 2));
        assertThat(decision(before + "%")).isEqualTo(refusedAt(before.length()));
    }

    @Test
    void fieldsThatServersMustRefuseAreRefused() {
        assertThat(decision(GET + "Host : a\r\n")).isEqualTo(refusedAt(GET.length() + 4));
        assertThat(decision(GET + " Host: a\r\n")).isEqualTo(refusedAt(GET.length()));
        assertThat(decision(GET + "X: a\r\n folded\r\n")).isEqualTo(refusedAt(GET.length() + 6));
        assertThat(decision(GET + ": a\r\n")).isEqualTo(refusedAt(GET.length()));
        assertThat(decision(GET + "X\r\n")).isEqualTo(refusedAt(GET.length() + 1));
        assertThat(decision(GET + "X: \0")).isEqualTo(refusedAt(GET.length() + 3));
        assertThat(decision(GET + "X: \u001b[2J")).isEqualTo(refusedAt(GET.length() + 3));
    }

    @Test
    void aHeadHasAtMost64KiB() {
        int room = RequestHead.MAX_LENGTH - GET.length() - "X: \r\n\r\n".length();
        matchesAtTheEnd(GET + "X: " + "x".repeat(room) + "\r\n\r\n", null);
        byte[] longer = (GET + "X: " + "x".repeat(room + 1) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(detector.detect(ByteBuffer.wrap(longer))).isEqualTo(Detection.NO_MATCH);
        assertThat(detector.detect(ByteBuffer.wrap(longer, 0, RequestHead.MAX_LENGTH - 1)))
                .isEqualTo(Detection.NEED_MORE);
    }

    private void matchesAtTheEnd(String head, @Nullable String host) {
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(detector.detect(ByteBuffer.wrap(bytes))).as(head).isEqualTo(Detection.Match.http(host));
        assertThat(detector.detect(ByteBuffer.wrap(bytes, 0, bytes.length - 1)))
                .as("all but the last byte of %s", head)
                .isEqualTo(Detection.NEED_MORE);
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }

    private static Decision matchedAt(int index, String host) {
        return new Decision(index, Detection.Match.http(host));
    }
}
