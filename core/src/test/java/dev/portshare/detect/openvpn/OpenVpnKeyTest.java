package dev.portshare.detect.openvpn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.openvpn.ResetLayout.Comparison;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real clients' first packets prove, and to whom. */
class OpenVpnKeyTest {
    private static final Set<OpenVpnKey> ALL_KEYS = Stream.concat(Recorded.packets().stream(), Recorded.vectors())
            .map(Recorded.Packet::key)
            .collect(Collectors.toSet());

    static List<Recorded.Packet> packets() {
        return Recorded.packets();
    }

    static Stream<Recorded.Packet> vectors() {
        return Recorded.vectors();
    }

    /** One of each layout is enough where every bit is turned. */
    static Stream<Recorded.Packet> someOfEach() {
        return packets().stream()
                .filter(packet -> packet.bytes().length < 400)
                .filter(packet ->
                        packet.direction().equals("0") || packet.digest().equals("-"));
    }

    @Test
    void everyDigestIsRecordedInEveryDirection() {
        for (AuthDigest digest : AuthDigest.values()) {
            for (String direction : List.of("0", "1", "-")) {
                assertThat(packets())
                        .as("%s %s", digest, direction)
                        .filteredOn(packet -> packet.mode().equals("tls-auth"))
                        .anyMatch(packet -> AuthDigest.valueOf(packet.digest()
                                                .toUpperCase(Locale.ROOT)
                                                .replace('-', '_'))
                                        == digest
                                && packet.direction().equals(direction));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void aRealClientsFirstPacketIsProven(Recorded.Packet packet) {
        OpenVpnKey key = packet.key();
        Proof proof = Objects.requireNonNull(key.prove(ByteBuffer.wrap(packet.bytes())));
        assertThat(proof.key()).isSameAs(key);
        assertThat(proof.clientKey() != null).isEqualTo(packet.mode().equals("tls-crypt-v2"));
        if (packet.mode().equals("secret")) {
            assertThat(proof.time()).isEqualTo(-1);
        } else {
            // The afternoon of the recording.
            assertThat(proof.time()).isBetween(0x6b05c600L, 0x6b05d600L);
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void itProvesNothingUnderAnyOtherKey(Recorded.Packet packet) {
        ByteBuffer head = ByteBuffer.wrap(packet.bytes());
        String wrong = "wrong-" + packet.file();
        assertThat(packet.key(wrong).prove(head)).isNull();
        OpenVpnKey own = packet.key();
        for (OpenVpnKey key : ALL_KEYS) {
            if (!key.equals(own)) {
                assertThat(key.prove(head)).as("%s", key).isNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorsAreTold(Recorded.Packet vector) {
        OpenVpnKey key = vector.key();
        ByteBuffer head = ByteBuffer.wrap(vector.bytes());
        switch (vector.expect()) {
            case "need-more" -> assertThat(key.compare(head)).isEqualTo(Comparison.BEGINS);
            case "not-openvpn" -> assertThat(key.compare(head)).isEqualTo(Comparison.DIFFERS);
            case "ok" -> assertThat(key.compare(head)).isEqualTo(Comparison.WHOLE);
            default -> assertThat(key.prove(packet(vector.bytes()))).isNull(); // Whatever its shape.
        }
        assertThat(key.prove(head) != null).isEqualTo(vector.expect().equals("ok"));
    }

    private static byte[] packet(byte[] stream) {
        return Arrays.copyOfRange(stream, 2, stream.length);
    }

    @Test
    void theVectorsAreMany() {
        assertThat(vectors()).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("someOfEach")
    void everyFlippedBitBreaksTheProof(Recorded.Packet packet) {
        OpenVpnKey key = packet.key();
        byte[] bytes = packet.bytes();
        for (int bit = 0; bit < Byte.SIZE * bytes.length; bit++) {
            bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(key.prove(ByteBuffer.wrap(bytes))).as("bit %d", bit).isNull();
            if (bit >= Byte.SIZE * 2
                    && bit < Byte.SIZE * (bytes.length - 2)) { // Lengths are believed by the shape alone.
                assertThat(key.prove(packet(bytes))).as("bit %d", bit).isNull();
            }
            bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
        assertThat(key.prove(ByteBuffer.wrap(bytes))).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("packets")
    void everyCutBeginsAndProvesNothing(Recorded.Packet packet) {
        OpenVpnKey key = packet.key();
        for (int size = 0; size < packet.bytes().length; size++) {
            ByteBuffer head = ByteBuffer.wrap(packet.bytes(), 0, size);
            assertThat(key.compare(head)).as("%d bytes", size).isEqualTo(Comparison.BEGINS);
            assertThat(key.prove(head)).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void whatStandsAroundThePacketDoesNotCount(Recorded.Packet packet) {
        OpenVpnKey key = packet.key();
        byte[] outer = new byte[packet.bytes().length + 100];
        Arrays.fill(outer, (byte) 0xFF);
        System.arraycopy(packet.bytes(), 0, outer, 7, packet.bytes().length);
        ByteBuffer head = ByteBuffer.allocateDirect(outer.length)
                .put(outer)
                .position(7)
                .limit(outer.length - 20)
                .slice()
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
        Proof proof = key.prove(head);
        assertThat(proof).usingRecursiveComparison().isEqualTo(key.prove(ByteBuffer.wrap(packet.bytes())));
        assertThat(head.position()).isZero();
    }

    @Test
    void randomBytesProveNothingAndBreakNothing() {
        Random random = new Random(1194);
        Resets resets = new Resets(random);
        List<OpenVpnKey> keys =
                packets().stream().map(Recorded.Packet::key).distinct().toList();
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(1_500)];
            random.nextBytes(noise);
            for (byte[] head : new byte[][] {
                noise,
                resets.plain(),
                resets.tlsAuth(20),
                resets.tlsCrypt(),
                resets.tlsCryptV2(0x0f000001, 290 + round % 735)
            }) {
                for (OpenVpnKey key : keys) {
                    assertThat(key.prove(ByteBuffer.wrap(head))).isNull();
                }
            }
        }
    }

    @Test
    void manyThreadsProveWithOneKey() throws Exception {
        List<Recorded.Packet> packets = packets();
        List<OpenVpnKey> keys = packets.stream().map(Recorded.Packet::key).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> done = IntStream.range(0, 16)
                    .mapToObj(round -> threads.submit(() -> IntStream.range(0, keys.size())
                            .allMatch(i -> keys.get(i)
                                            .prove(ByteBuffer.wrap(
                                                    packets.get(i).bytes()))
                                    != null)))
                    .toList();
            for (Future<Boolean> proven : done) {
                assertThat(proven.get()).isTrue();
            }
        }
    }

    @Test
    void keysThatProveTheSameAreEqual() {
        assertThat(Recorded.key("tls-auth", "ta.key", "sha1", "-"))
                .isEqualTo(Recorded.key("tls-auth", "ta.key", "RSA-SHA1", "1"))
                .hasSameHashCodeAs(Recorded.key("tls-auth", "ta.key", "SHA1", "1"))
                .isNotEqualTo(Recorded.key("tls-auth", "ta.key", "SHA1", "0"))
                .isNotEqualTo(Recorded.key("tls-auth", "ta.key", "RIPEMD160", "1"))
                .isNotEqualTo(Recorded.key("secret", "ta.key", "SHA1", "1"))
                .isNotEqualTo(Recorded.key("tls-auth", "wrong-ta.key", "SHA1", "1"));
        assertThat(Recorded.key("tls-crypt", "ta.key", "-", "-"))
                .isEqualTo(Recorded.key("tls-crypt", "ta.key", "-", "-"))
                .isNotEqualTo(Recorded.key("tls-crypt", "wrong-ta.key", "-", "-"));
        assertThat(Recorded.key("tls-crypt-v2", "v2-server.key", "-", "-"))
                .isEqualTo(Recorded.key("tls-crypt-v2", "v2-server.key", "-", "-"))
                .isNotEqualTo(Recorded.key("tls-crypt-v2", "wrong-v2-server.key", "-", "-"));
    }

    @Test
    void nothingOfAKeyIsInItsText() {
        assertThat(packets().stream().map(packet -> packet.key().toString()).distinct())
                .containsExactlyInAnyOrder("tls-auth", "tls-crypt", "tls-crypt-v2", "secret");
    }

    /** Of src/test/resources/openvpn-keys/v2-client.key and v2-client-user.key, by the shell line of docs/openvpn-keys.md. */
    @Test
    void aClientKeyHasTheHashThatTheShellTells() {
        List<ClientKey> clients = packets().stream()
                .filter(packet -> packet.mode().equals("tls-crypt-v2"))
                .map(packet -> Objects.requireNonNull(
                        Objects.requireNonNull(packet.key().prove(ByteBuffer.wrap(packet.bytes())))
                                .clientKey()))
                .toList();
        assertThat(clients.get(0).hash()).isEqualTo("3f3e27f4f156d985d00476aa77d7ed81bd650778b11656fb82a0ce7afdb86890");
        assertThat(clients.get(0).issued()).isBetween(0x6b030000L, 0x6b05d600L);
        assertThat(clients.get(1).hash()).isEqualTo("fbf116ed3b0cfa2551d688763bcb93c7c75c6b2a4d00661fc0875b3dc38176fd");
        assertThat(clients.get(1).issued()).isEqualTo(ClientKey.UNKNOWN);
        assertThat(clients.get(2).issued()).isEqualTo(ClientKey.UNKNOWN);
    }
}
