package dev.portshare.detect.openvpn;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.portshare.detect.HeadLaws;
import dev.portshare.detect.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** First packets, before keys of every mode. */
class OpenVpnKeyFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.concat(Seeds.of("openvpn"), Recorded.packets().stream().map(Recorded.Packet::bytes));
    }

    /** Loaded with the first input, and not before. */
    private static final class Keys {
        private static final List<OpenVpnKey> ALL = List.of(
                Recorded.key("tls-auth", "ta.key", "SHA256", "0"),
                Recorded.key("tls-auth", "ta.key", "RIPEMD160", "-"),
                Recorded.key("tls-crypt", "ta.key", "-", "-"),
                Recorded.key("tls-crypt-v2", "v2-server.key", "-", "-"),
                Recorded.key("secret", "ta.key", "SHA1", "1"));
    }

    @MethodSource("seeds")
    @FuzzTest
    void lawsHold(byte[] head) {
        for (OpenVpnKey key : Keys.ALL) {
            new HeadLaws<>(bytes -> verdict(key, bytes), "more").hold(head);
        }
    }

    private static String verdict(OpenVpnKey key, ByteBuffer head) {
        return switch (key.compare(head)) {
            case DIFFERS -> "no";
            case BEGINS -> "more";
            case WHOLE -> key.prove(head) == null ? "false" : "proven";
        };
    }
}
