package dev.portshare.detect.tls;

import static dev.portshare.detect.Decision.refusedAt;
import static dev.portshare.detect.tls.Hellos.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.Decision;
import dev.portshare.detect.Detection;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that begin no valid hello, and the byte at which that is sure. */
class RefusedHelloTest {
    /** Where the parts of {@link #good} stand. */
    private static final int EXTENSIONS = 90;

    private static final int NAME = EXTENSIONS + 9;
    private static final int ALPN = NAME + "a.test".length();

    @ParameterizedTest(name = "{0}: refused at {3}")
    @CsvSource({
        "alert,                            0, 15,     0",
        "SSLv2 framing of 771 bytes,       0, 83,     3",
        "record version 2.0,               1, 02,     1",
        "record of 65535,                  3, ffff,   3",
        "record of 18433,                  3, 4801,   3",
        "record of 16641,                  3, 4101,   3",
        "record of 16385,                  3, 4001,   4",
        "empty record,                     3, 0000,   4",
        "server hello,                     5, 02,     5",
        "hello of 16 MiB,                  6, ffffff, 6",
        "hello of 128 KiB,                 6, 020000, 6",
        "hello of 65792,                   6, 010100, 7",
        "hello of 65537,                   6, 010001, 8",
        "hello of 40,                      6, 000028, 8",
        "hello version 2.3,                9, 0203,   9",
        "session id of 33,                43, 21,    43",
    })
    void impossibleByteIsRefusedAsItComes(String what, int index, String bytes, int refusedAt) {
        assertThat(decision(with(good(), index, bytes))).isEqualTo(refusedAt(refusedAt));
    }

    /** Each length field of a good hello, one less and one more. */
    @ParameterizedTest(name = "{0}: refused at {3}")
    @CsvSource({
        "record 108: its next header is not one,  3,   006c,   113",
        "hello 104: the block is too long,        6,   000068, 89",
        "hello 106: the block is too short,       6,   00006a, 89",
        "session id 31: no suites,                43,  1f,     76",
        "session id 33,                           43,  21,     43",
        "suites 7,                                76,  0007,   77",
        "suites 9,                                76,  0009,   77",
        "compressions 0,                          86,  00,     86",
        "compressions 2: the block is too long,   86,  02,     89",
        "block 23,                                88,  0017,   89",
        "block 25,                                88,  0019,   89",
        "server_name 10: the list is too long,    92,  000a,   95",
        "server_name 12: the list is too short,   92,  000c,   95",
        "name list 8,                             94,  0008,   95",
        "name list 10,                            94,  000a,   95",
        "name 5,                                  97,  0005,   98",
        "name 7,                                  97,  0007,   98",
        "alpn 4: one byte is no extension,        107, 0004,   108",
        "alpn 6: past the block,                  107, 0006,   108",
        "protocol list 2,                         109, 0002,   110",
        "protocol list 4,                         109, 0004,   110",
        "protocol 1: one byte is no name,         111, 01,     111",
        "protocol 3: past the list,               111, 03,     111",
    })
    void lengthThatIsOneOffIsRefused(String what, int index, String bytes, int refusedAt) {
        assertThat(decision(with(good(), index, bytes))).isEqualTo(refusedAt(refusedAt));
    }

    /** A reader that trusts the length takes what stands behind the hello for a part of it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void handshakeLengthThatIsAFewOffIsRefusedAtTheExtensionBlock(int off) {
        for (int length : new int[] {105 - off, 105 + off}) {
            byte[] head = with(good(), 6, "%06x".formatted(length));
            assertThat(decision(Arrays.copyOf(head, head.length + 8))).isEqualTo(refusedAt(89));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "09", "0a", "0d", "1b", "1f", "20", "7f", "80", "c3", "ff"})
    void nameOfAnythingButVisibleAsciiIsRefusedAtThatByte(String bad) {
        for (int at = NAME; at < ALPN; at++) {
            assertThat(decision(with(good(), at, bad))).isEqualTo(refusedAt(at));
        }
    }

    @ParameterizedTest(name = "name of {0}: refused at {1} past the extension's type")
    @CsvSource({"256, 1", "1024, 0", "60000, 0"})
    void nameThatDnsCannotCarryIsRefusedByItsExtensionsLength(int size, int refusedAt) {
        byte[] head = hello().serverName("n".repeat(size)).head();
        assertThat(decision(head)).isEqualTo(refusedAt(EXTENSIONS + 2 + refusedAt));
    }

    @Test
    void nameLengthOf65535InAShortHelloIsRefusedAtItsFirstByte() {
        assertThat(decision(with(good(), NAME - 2, "ffff"))).isEqualTo(refusedAt(NAME - 2));
    }

    @Test
    void nameOfOneDotIsRefused() {
        assertThat(decision(Hellos.head("."))).isEqualTo(refusedAt(NAME));
    }

    @Test
    void nameOfAnotherTypeIsRefused() {
        assertThat(decision(with(good(), NAME - 3, "07"))).isEqualTo(refusedAt(NAME - 3));
    }

    @Test
    void twoNamesAreRefused() {
        byte[] twoNames = HexFormat.of().parseHex("0008" + "00000161" + "00000162");
        assertThat(decision(hello().extension(0, twoNames).head())).isEqualTo(refusedAt(NAME - 1));
    }

    @Test
    void secondExtensionOfATypeIsRefusedAtItsType() {
        for (int type : new int[] {1, 5, 16, 43, 63}) {
            byte[] body = type == 16 ? new byte[] {0, 2, 1, 'x'} : new byte[4];
            byte[] head = hello().extension(type, body).extension(type, body).head();
            assertThat(decision(head)).isEqualTo(refusedAt(EXTENSIONS + 8 + 1));
        }
    }

    @Test
    void emptyNameIsRefusedByItsExtensionsLength() {
        assertThat(decision(hello().serverName("").alpn("h2").head())).isEqualTo(refusedAt(EXTENSIONS + 3));
    }

    @Test
    void emptyProtocolListAndEmptyProtocolAreRefused() {
        byte[] noList = hello().extension(16, (byte) 0, (byte) 0).extension(5).head();
        assertThat(decision(noList)).isEqualTo(refusedAt(EXTENSIONS + 3));
        assertThat(decision(hello().alpn("").extension(5).head())).isEqualTo(refusedAt(EXTENSIONS + 3));
        assertThat(decision(hello().alpn("", "h2").head())).isEqualTo(refusedAt(EXTENSIONS + 6));
    }

    @Test
    void extensionThatCannotFitItsBlockIsRefusedByItsType() {
        byte[] noRoomForAName = hello().extension(0).head();
        assertThat(decision(noRoomForAName)).isEqualTo(refusedAt(EXTENSIONS + 1));
    }

    @Test
    void emptyRecordBetweenFragmentsIsRefusedAtItsLength() {
        assertThat(decision(hello().head(10, 0))).isEqualTo(refusedAt(5 + 10 + 4));
    }

    @Test
    void recordOfAnotherTypeBetweenFragmentsIsRefusedAtItsType() {
        assertThat(decision(with(hello().head(10), 5 + 10, "14"))).isEqualTo(refusedAt(5 + 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls-bigrec.bin", "tls-ver-02.bin", "tls-alert-first.bin", "tls-hugehello.bin"})
    void recordedNonsenseIsRefusedWithinSevenBytes(String file) {
        Decision decision = decision(Corpus.bytes(file));
        assertThat(decision.detection()).isEqualTo(Detection.NO_MATCH);
        assertThat(decision.index()).isLessThan(7);
    }

    @Test
    void everyMalformedHelloOfTheCorpusIsRefused() {
        List<Corpus.Entry> malformed = Corpus.all().stream()
                .filter(entry -> entry.protocol().equals("tls-malformed"))
                .toList();
        assertThat(malformed)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        entry -> assertThat(decision(entry.bytes()).detection()).isEqualTo(Detection.NO_MATCH));
    }

    /** 114 bytes: record 109, hello 105, session id 32, suites 8, compressions 1, block 24, server_name 11, alpn 5. */
    private static byte[] good() {
        return Hellos.head("a.test", "h2");
    }

    private static byte[] with(byte[] head, int index, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        System.arraycopy(bytes, 0, head, index, bytes.length);
        return head;
    }

    private static Decision decision(byte[] head) {
        return Decision.of(new TlsDetector(), head);
    }
}
