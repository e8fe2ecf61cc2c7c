package dev.portshare.detect.openvpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.detect.Detection;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent to real servers, and their answers, are ProbeIT's. */
class FirstPacketTest {
    private static final byte[] SESSION = HexFormat.of().parseHex("a1a2a3a4a5a6a7a8");
    private static final long TIME = 1_800_000_000L;

    static List<OpenVpnKey> keys() {
        return Recorded.packets().stream()
                .map(Recorded.Packet::key)
                .filter(OpenVpnKey::isAnswered)
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void theKeyProvesIt(OpenVpnKey key) {
        FirstPacket first = new FirstPacket(key, SESSION, TIME);
        Proof proof = Objects.requireNonNull(key.prove(ByteBuffer.wrap(first.bytes())));
        assertThat(proof.time()).isEqualTo(TIME);
        if (proof.clientKey() != null) {
            assertThat(proof.clientKey().issued()).isEqualTo(TIME);
        }
        assertThat(new OpenVpnDetector().detect(ByteBuffer.wrap(first.bytes()).asReadOnlyBuffer()))
                .isInstanceOf(Detection.Match.class);
    }

    @Test
    void allModesAreThere() {
        assertThat(keys()).extracting(OpenVpnKey::mode).contains("tls-auth", "tls-crypt", "tls-crypt-v2");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void nobodysNonsenseIsAnAnswer(OpenVpnKey key) {
        FirstPacket first = new FirstPacket(key, SESSION, TIME);
        for (int length = 0; length < 200; length++) {
            byte[] packet = new byte[length];
            if (length > 0) {
                packet[0] = 8 << 3;
            }
            assertThat(first.isAnsweredBy(packet)).isFalse();
        }
    }

    @Test
    void aServerWithoutKeyAnswersThisSessionAndNoOther() {
        FirstPacket first = new FirstPacket(null, SESSION, TIME);
        assertThat(first.bytes()).isEqualTo(HexFormat.of().parseHex("000e38a1a2a3a4a5a6a7a80000000000"));
        String answer = "40010203040506070801" + "00000000" + "a1a2a3a4a5a6a7a8" + "00000000";
        assertThat(first.isAnsweredBy(HexFormat.of().parseHex(answer))).isTrue();
        for (String other : Stream.of(
                        answer.replace("a1a2", "a1a1"), answer.replaceFirst("^40", "28"), answer.substring(0, 40))
                .toList()) {
            assertThat(first.isAnsweredBy(HexFormat.of().parseHex(other))).isFalse();
        }
    }

    @Test
    void twoPeersWithOneKeyAnswerNothing() {
        OpenVpnKey key = Recorded.packets().stream()
                .filter(packet -> packet.mode().equals("secret"))
                .findFirst()
                .orElseThrow()
                .key();
        assertThat(key.isAnswered()).isFalse();
        assertThatThrownBy(() -> new FirstPacket(key, SESSION, TIME)).isInstanceOf(IllegalStateException.class);
    }
}
