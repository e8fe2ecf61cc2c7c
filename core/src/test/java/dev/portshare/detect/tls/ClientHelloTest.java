package dev.portshare.detect.tls;

import static dev.portshare.detect.tls.Hellos.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.Decision;
import dev.portshare.detect.Detection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hellos that are right: what is read from them, however long they are and however they lie in records. */
class ClientHelloTest {
    private static final Detection EXPECTED = Detection.Match.tls("www.dev.test", List.of("h2", "http/1.1"), false);

    @ParameterizedTest
    @ValueSource(ints = {517, 1770, 4096, 4097, 8193, 16_383, 16_384, 16_385, 60_000, 4 + ClientHello.MAX_LENGTH})
    void helloOfAnySizeIsReadInFewRecordsAndInMany(int size) {
        Hellos hello = typical().paddedTo(size);
        assertThat(hello.message()).hasSize(size);
        for (byte[] head : List.of(hello.head(), hello.headInRecordsOf(100), hello.headInRecordsOf(1))) {
            assertThat(detect(head)).isEqualTo(EXPECTED);
            assertThat(detect(Arrays.copyOf(head, head.length - 1))).isEqualTo(Detection.NEED_MORE);
        }
    }

    @Test
    void helloIsReadWithARecordBorderAnywhere() {
        int size = typical().message().length;
        for (int border = 1; border < size; border++) {
            assertThat(detect(typical().head(border)))
                    .as("border at %d", border)
                    .isEqualTo(EXPECTED);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "3,1", "1,2", "2,2", "3,3", "4,1"})
    void helloIsReadThoughItsFirstRecordsAreShorterThanItsHeader(int first, int second) {
        assertThat(detect(typical().head(first, second))).isEqualTo(EXPECTED);
    }

    @Test
    void helloMatchesWithItsLastByteAndWhateverFollowsIsIgnored() {
        byte[] head = typical().head();
        assertThat(Decision.of(new TlsDetector(), head)).isEqualTo(new Decision(head.length - 1, EXPECTED));
        byte[] more = Arrays.copyOf(head, head.length + 100);
        Arrays.fill(more, head.length, more.length, (byte) 0xFF);
        assertThat(detect(more)).isEqualTo(EXPECTED);
    }

    @Test
    void recordMayHoldMoreThanTheHello() {
        byte[] message = typical().message();
        assertThat(detect(Hellos.records(Arrays.copyOf(message, message.length + 1))))
                .isEqualTo(EXPECTED);
    }

    @Test
    void helloNeedsNoExtensions() {
        Detection bare = Detection.Match.of("tls");
        assertThat(detect(hello().withoutExtensionBlock().sessionId(0).head())).isEqualTo(bare);
        assertThat(detect(hello().head())).isEqualTo(bare);
        assertThat(detect(Corpus.bytes("tls-ssl3.bin"))).isEqualTo(bare);
    }

    @ParameterizedTest
    @CsvSource({
        "WWW.Dev.TEST,         www.dev.test",
        "www.dev.test.,        www.dev.test",
        "example.com.evil.org, example.com.evil.org",
        "192.0.2.9,            192.0.2.9",
        "localhost,            localhost",
        "a..b,                 a..b",
        "..,                   .",
        "x,                    x",
        "%n!~,                 %n!~",
    })
    void serverNameIsLowerCaseWithoutOneTrailingDotAndElseUntouched(String sent, String read) {
        assertThat(((Detection.Match) detect(Hellos.head(sent))).serverName()).isEqualTo(read);
    }

    @Test
    void serverNameMayHave255Bytes() {
        assertThat(detect(Hellos.head("n".repeat(255))))
                .isEqualTo(Detection.Match.tls("n".repeat(255), List.of(), false));
    }

    @Test
    void lowerCaseIsThatOfAsciiAlone() {
        assertThat(detect(Hellos.head("I.TEST"))).isEqualTo(Detection.Match.tls("i.test", List.of(), false));
    }

    @Test
    void protocolNamesAreAnyBytesInTheClientsOrder() {
        String[] sent = {"\u008a\u008a", "h2", "\0\r\n", "x".repeat(255), "h2"};
        assertThat(detect(hello().alpn(sent).head())).isEqualTo(Detection.Match.tls(null, List.of(sent), false));
    }

    @Test
    void protocolListMayFillTheHello() {
        String[] sent = Collections.nCopies(16_000, "abc").toArray(String[]::new);
        assertThat(detect(hello().alpn(sent).head())).isEqualTo(Detection.Match.tls(null, List.of(sent), false));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "outer,                    00000100010000010000010100, true",
        "GREASE looks like it,     000001000342002061,         true",
        "inner,                    01,                         false",
        "empty,                    '',                         false"
    })
    void encryptedHelloIsToldByItsOuterForm(String what, String body, boolean told) {
        byte[] bytes = HexFormat.of().parseHex(body);
        assertThat(detect(typical().extension(0xFE0D, bytes).head()))
                .isEqualTo(Detection.Match.tls("www.dev.test", List.of("h2", "http/1.1"), told));
    }

    @Test
    void draftsOfTheEncryptedHelloAreNotTold() {
        for (int type = 0xFE08; type < 0xFE0D; type++) {
            assertThat(detect(typical().extension(type, new byte[8]).head())).isEqualTo(EXPECTED);
        }
    }

    private static Hellos typical() {
        return hello().serverName("www.dev.test").alpn("h2", "http/1.1");
    }

    private static Detection detect(byte[] head) {
        return new TlsDetector().detect(ByteBuffer.wrap(head).asReadOnlyBuffer());
    }
}
