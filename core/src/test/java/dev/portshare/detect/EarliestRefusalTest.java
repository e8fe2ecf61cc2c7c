package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.openvpn.OpenVpnDetector;
import dev.portshare.detect.tls.TlsDetector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The price of the first law, in full: a head that is not refused can still become a match. From any such head a walk
 * that only avoids refused bytes must arrive; if it gets stuck, the refusal came later than the bytes allowed.
 */
class EarliestRefusalTest {
    private static final Classifier CLASSIFIER = new Classifier(Detectors.BUILTIN);
    private static final int WALKS = 1_500;
    /** What lengths, types and names are made of, so that walks meet server names and ALPN. */
    private static final byte[] COMMON = {0, 0, 0, 0, 1, 2, 3, 4, 6, 11, 16, 22, 32, '.'};

    private final Random random = new Random(8446);

    @Test
    void everyHeadThatIsNotRefusedCanBecomeAClientHello() {
        for (int i = 0; i < WALKS; i++) {
            // A first record and a hello of less than 256 bytes keep the walk short.
            byte record = (byte) random.nextInt(4, 256);
            byte hello = (byte) random.nextInt(41, 256);
            walk(new TlsDetector(), new byte[] {22, 3, 1, 0, record, 1, 0, 0, hello}, 6 * 256);
        }
    }

    @Test
    void everyHeadThatIsNotRefusedCanBecomeAnOpenVpnClient() {
        for (int i = 0; i < WALKS; i++) {
            walk(new OpenVpnDetector(), new byte[0], 2 + 54 + 1024);
        }
    }

    /** What its words, lengths and line ends are made of, so that walks meet all its forms. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        http   | 'GET / CONNECT POST : / [ ] % . * a1 H o s t : \r\n\r\n\r\n\r\n'
        http2  | ''
        ssh    | 'a1.9- \r\n\r\n\n'
        socks4 | '\0\0\0\0\1\2'
        socks5 | '\1\2\3'
        xmpp   | '<?><?>?>?>xs \r\n'
        git    | '0123 af/rpau\0\0\0'
        redis  | '*$1234\r\n\r\n\r\nPAHISCR '
        syslog | '<>0123456789 '
        """)
    void everyHeadThatIsNotRefusedCanBecomeOneOfItsProtocol(String name, String common) {
        byte[] bytes = common.isEmpty() ? COMMON : common.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < WALKS / 5; i++) {
            walk(detector(name), bytes, new byte[0], 8_192);
        }
    }

    /** Each from a beginning that keeps the walk short. */
    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({
        "tls, 80",
        "tls, 81",
        "rdp, ''",
        "postgres, 000000",
        "postgres, 000001",
        "mqtt, ''",
        "adb, 43",
        "adb, 00",
        "tinc, ''",
        "smb, ''",
        "smb, 81",
        "stun, 000100",
        "stun, 000300",
        "stun, 000b00",
        "minecraft, ''",
        "winbox, ''",
        "dns, 00",
        "dns, 01",
        "dns, 0300",
        "wireguard, ''"
    })
    void everyHeadThatIsNotRefusedCanBecomeABinaryOne(String name, String start) {
        for (int i = 0; i < 300; i++) {
            walk(detector(name), HexFormat.of().parseHex(start), 1100);
        }
    }

    private static Detector detector(String name) {
        return Detectors.BUILTIN.stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow()
                .detector();
    }

    private void walk(Detector detector, byte[] start, int limit) {
        walk(detector, COMMON, start, limit);
    }

    private void walk(Detector detector, byte[] common, byte[] start, int limit) {
        ByteBuffer head = ByteBuffer.allocate(limit).put(start);
        Detection detection = Detection.NEED_MORE;
        while (detection == Detection.NEED_MORE) {
            assertThat(head.hasRemaining()).as("a match within %d bytes", limit).isTrue();
            detection = step(detector, common, head);
        }
        assertThat(detection).isInstanceOf(Detection.Match.class);
        head.flip();
        if (!isLeftToOpenVpn(head)) {
            // None of the detectors in front claims it, or holds it up.
            assertThat(CLASSIFIER.classify(head)).isEqualTo(detection);
        }
    }

    /** A request of SOCKS 4 for a port that OpenVPN's longest resets have for an opcode. */
    private static boolean isLeftToOpenVpn(ByteBuffer head) {
        return head.get(0) == 4 && head.get(2) == 0x50;
    }

    /** Appends a random byte, or the first after it that is not refused. */
    private Detection step(Detector detector, byte[] common, ByteBuffer head) {
        int first = random.nextBoolean() ? common[random.nextInt(common.length)] : random.nextInt(256);
        for (int i = 0; i < 256; i++) {
            head.put((byte) (first + i));
            Detection detection = detector.detect(head.duplicate().flip());
            if (detection != Detection.NO_MATCH) {
                return detection;
            }
            head.position(head.position() - 1);
        }
        return Detection.NO_MATCH;
    }
}
