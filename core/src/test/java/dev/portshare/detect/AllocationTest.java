package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A classification costs a few small objects, whatever the head claims: caddy-l4 (#301) and Netty's SslClientHelloHandler
 * allocate the length that is claimed.
 */
class AllocationTest {
    private static final int ROUNDS = 2_000;
    private static final int LIMIT = 600;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Classifier classifier = new Classifier(Detectors.BUILTIN);

    @ParameterizedTest
    @CsvSource({
        "a whole hello,          tls-chromium-1.bin, 2016",
        "half a hello,           tls-chromium-1.bin, 1008",
        "an OpenVPN client,      openvpn-tlscryptv2-1.bin, 355",
        "an HTTP client,         http-chromium.bin, 447",
        "half a request,         http-chromium.bin, 223",
        "an SSH client,          ssh-openssh.bin, 41",
        "an RDP client,          rdp-xfreerdp.bin, 43",
        "a DNS client,           dns-dig-ixfr.bin, 85",
        "a WireGuard client,     wireguard-init-len.bin, 150",
        "no protocol,            random-517.bin, 517"
    })
    void recordedHeadCostsLittle(String what, String file, int size) {
        assertThat(bytesPerRound(Arrays.copyOf(Corpus.bytes(file), size)))
                .as(what)
                .isLessThan(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"a record of 16 KiB,     3, 4000", "a hello of 64 KiB,      6, 010000", "a session id of 32,     43, 20"
    })
    void claimedLengthCostsNoMoreThanARealOne(String what, int index, String claim) {
        byte[] head = Arrays.copyOf(Corpus.bytes("tls-chromium-1.bin"), 100);
        byte[] bytes = HexFormat.of().parseHex(claim);
        System.arraycopy(bytes, 0, head, index, bytes.length);
        assertThat(classifier.classify(ByteBuffer.wrap(head))).isEqualTo(Detection.NEED_MORE);
        assertThat(bytesPerRound(head)).as(what).isLessThan(LIMIT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a git request of 4 KB | 0fffgit-upload-pack /
        255 SOCKS methods     | \\5\\377
        a command of 1M words | *1048576\\r\\n$
        a syslog of 10 MB     | 9999999 <
        """)
    void claimedLengthOfOtherProtocolsCostsNothing(String what, String head) {
        byte[] bytes = head.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
        assertThat(classifier.classify(ByteBuffer.wrap(bytes))).isEqualTo(Detection.NEED_MORE);
        assertThat(bytesPerRound(bytes)).as(what).isLessThan(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({
        "STUN attributes of 64 KB,  0001fffc2112a442, 12",
        "MQTT packet of 256 MB,     10ffffff7f00, 0",
        "PostgreSQL parameters,     00002710000300007573, 0",
        "DNS message of 1 KB,       03ff000001000001, 0",
        "SMB negotiation of 64 KB,  0000ffffff53, 0",
        "SSLv2 hello of 16 KB,      c000010301, 0",
    })
    void claimedLengthOfBinaryProtocolsCostsNothing(String what, String hex, int more) {
        byte[] start = HexFormat.of().parseHex(hex);
        byte[] head = Arrays.copyOf(start, start.length + more);
        assertThat(classifier.classify(ByteBuffer.wrap(head))).isEqualTo(Detection.NEED_MORE);
        assertThat(bytesPerRound(head)).as(what).isLessThan(LIMIT);
    }

    private long bytesPerRound(byte[] head) {
        ByteBuffer buffer = ByteBuffer.wrap(head);
        run(buffer); // loads the classes
        long before = threads.getCurrentThreadAllocatedBytes();
        run(buffer);
        return (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    }

    private void run(ByteBuffer head) {
        for (int i = 0; i < ROUNDS; i++) {
            classifier.classify(head.clear());
        }
    }
}
