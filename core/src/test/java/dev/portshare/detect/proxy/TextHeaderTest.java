package dev.portshare.detect.proxy;

import static dev.portshare.detect.proxy.Headers.ascii;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Version 1 of the PROXY protocol. In the lines {@code $} is CR LF, and {@code ^} a CR. */
class TextHeaderTest {
    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 203.0.113.5 51234 443$,                  192.0.2.7:51234,           203.0.113.5:443",
        "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0$,                  255.255.255.255:65535,     0.0.0.0:0",
        "PROXY TCP6 2001:db8::7 2001:DB8:0:0:0:0:0:5 1 2$,             [2001:db8::7]:1,           [2001:db8::5]:2",
        "PROXY TCP6 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7:: 1 2$,              [1:2:3:4:5:6:7:8]:1,       [1:2:3:4:5:6:7:0]:2",
        "PROXY TCP6 ::2:3:4:5:6:7:8 1::3:4:5:6:7:8 1 2$,               [0:2:3:4:5:6:7:8]:1,       [1:0:3:4:5:6:7:8]:2",
        "PROXY TCP6 :: ::1 1 2$,                                       [::]:1,                    [::1]:2",
        "PROXY TCP6 0001:0002:0003:0004:0005:0006:0007:0008 :: 1 2$,   [1:2:3:4:5:6:7:8]:1,       [::]:2",
        "PROXY TCP6 ::ffff:192.0.2.7 ::FFFF:cb00:7105 1 2$,            192.0.2.7:1,               203.0.113.5:2",
        "PROXY TCP6 ::192.0.2.7 ::1 1 2$,                              [::c000:207]:1,            [::1]:2",
    })
    void aLineNamesTheClientAndWhereItConnected(String line, String source, String destination) {
        byte[] header = bytes(line);
        assertThat(read(header)).isInstanceOfSatisfying(ProxyHeader.class, found -> {
            assertThat(found.addresses()).isInstanceOfSatisfying(ProxyAddresses.Inet.class, inet -> {
                assertThat(inet.source()).hasToString(source);
                assertThat(inet.destination()).hasToString(destination);
            });
            assertThat(found.length()).isEqualTo(header.length);
            assertThat(found.tlvs().hasRemaining()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN$",
                "PROXY UNKNOWN $",
                "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535"
                        + " 65535$",
                "PROXY UNKNOWN \0\n\u00ff TCP4 192.0.2.7$"
            })
    void whatStandsBehindUnknownIsIgnored(String line) {
        assertThat(read(bytes(line))).isEqualTo(ProxyHeader.of(ByteBuffer.wrap(bytes(line)), ProxyAddresses.OWN, 0));
    }

    /** Each line is refused with its last byte, and not before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "p",
                "PROXx",
                "PROXY  ",
                "PROXY\t",
                "PROXY TCP5",
                "PROXY TCP4  ",
                "PROXY UD",
                "PROXY t",
                "PROXY UNKNOWNX",
                "PROXY UNKNOWN^X",
                "PROXY UNKNOWN a^a",
                "PROXY TCP4 256",
                "PROXY TCP4 00",
                "PROXY TCP4 1.02",
                "PROXY TCP4 1..",
                "PROXY TCP4 1.2.3 ",
                "PROXY TCP4 1.2.3.4.",
                "PROXY TCP4 :",
                "PROXY TCP4 a",
                "PROXY TCP4 -",
                "PROXY TCP4 1.2.3.4 20:",
                "PROXY TCP4 1.2.3.4 1.2.3.4  ",
                "PROXY TCP4 1.2.3.4 1.2.3.4 65536",
                "PROXY TCP4 1.2.3.4 1.2.3.4 70000",
                "PROXY TCP4 1.2.3.4 1.2.3.4 01",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1^",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 ",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2^^",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 ^",
                "PROXY TCP6 1.",
                "PROXY TCP6 :1",
                "PROXY TCP6  ",
                "PROXY TCP6 :::",
                "PROXY TCP6 1::2::",
                "PROXY TCP6 1: ",
                "PROXY TCP6 1:2:3:4:5:6:7 ",
                "PROXY TCP6 1:2:3:4:5:6:7:8:",
                "PROXY TCP6 1:2:3:4:5:6:7::8",
                "PROXY TCP6 1::2:3:4:5:6:7:",
                "PROXY TCP6 ::1:2:3:4:5:6:7:",
                "PROXY TCP6 12345",
                "PROXY TCP6 g",
                "PROXY TCP6 fe80::1%",
                "PROXY TCP6 ::fffe:1.",
                "PROXY TCP6 ::ffff:256.",
                "PROXY TCP6 ::ffff:a.",
                "PROXY TCP6 ::ffff:01.",
                "PROXY TCP6 1:2:3:4:5:6:1.",
                "PROXY TCP6 ::ffff:1.2.3.4.",
                "PROXY TCP6 \u00e9"
            })
    void isRefusedWithTheFirstByteThatCannotStandThere(String line) {
        byte[] bytes = bytes(line);
        assertThat(read(bytes)).isEqualTo(ProxyReading.NO_HEADER);
        assertThat(prefix(bytes, bytes.length - 1)).isEqualTo(ProxyReading.NEED_MORE);
    }

    @Test
    void aLineIsOf107BytesAtMost() {
        String longest = "PROXY UNKNOWN " + "x".repeat(91) + "$";
        assertThat(bytes(longest)).hasSize(107);
        assertThat(read(bytes(longest))).isInstanceOf(ProxyHeader.class);
        byte[] tooLong = bytes("PROXY UNKNOWN " + "x".repeat(92));
        assertThat(read(tooLong)).isEqualTo(ProxyReading.NO_HEADER);
        assertThat(prefix(tooLong, tooLong.length - 1)).isEqualTo(ProxyReading.NEED_MORE);
    }

    /** Whatever has not been refused can still become a line: found out by going on with any byte that is not refused. */
    @Test
    void whateverWaitsCanStillBecomeALine() {
        Random random = new Random(107);
        for (int round = 0; round < 3000; round++) {
            byte[] line = new byte[200];
            line[0] = TextHeader.FIRST;
            int length = 1;
            ProxyReading reading = ProxyReading.NEED_MORE;
            while (reading == ProxyReading.NEED_MORE) {
                // Digits, blanks and the like come up often enough to get through in all ways.
                byte[] choices = ascii("PROXY TCP46UNKNOWN 0123456789abcdef:. \r\n");
                int start = random.nextInt(choices.length);
                int tried = 0;
                do {
                    line[length] = choices[(start + tried) % choices.length];
                    reading = prefix(line, length + 1);
                    tried++;
                } while (reading == ProxyReading.NO_HEADER && tried < choices.length);
                length++;
            }
            assertThat(reading).as("%s", new String(line, 0, length)).isInstanceOf(ProxyHeader.class);
            assertThat(length).isLessThanOrEqualTo(107);
        }
    }

    private static byte[] bytes(String line) {
        return ascii(line.replace("$", "\r\n").replace('^', '\r'));
    }

    private static ProxyReading read(byte[] bytes) {
        return prefix(bytes, bytes.length);
    }

    private static ProxyReading prefix(byte[] bytes, int length) {
        return ProxyHeader.read(ByteBuffer.wrap(bytes, 0, length));
    }
}
