package dev.portshare.detect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Classifier;
import dev.portshare.detect.Corpus;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.HeadLaws;
import dev.portshare.detect.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both versions alike: what is read never depends on how TCP cut the bytes, nor on what follows the header. */
class ProxyHeaderTest {
    private static final HeadLaws<ProxyReading> LAWS = new HeadLaws<>(ProxyHeader::read, ProxyReading.NEED_MORE);

    static Stream<byte[]> heads() {
        return Stream.concat(Headers.heads(), Seeds.all());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void whatIsReadOnceStaysWhateverFollows(byte[] head) {
        LAWS.whatIsDecidedStays(head);
    }

    /** The header stands anywhere in a larger buffer, as it does behind other bytes: only position and limit count. */
    @ParameterizedTest
    @MethodSource("heads")
    void onlyWhatStandsBetweenPositionAndLimitCounts(byte[] head) {
        LAWS.nothingOutsidePositionAndLimitCounts(head, 5, (byte) 'P');
    }

    /** Flipped bits and random bytes: no exception, no header longer than what was there, and monotone. */
    @Test
    void anyBytesAreRead() {
        Random random = new Random(2);
        List<byte[]> heads = heads().toList();
        for (int round = 0; round < 20_000; round++) {
            byte[] head = heads.get(random.nextInt(heads.size())).clone();
            for (int flips = random.nextInt(4); flips > 0 && head.length > 0; flips--) {
                head[random.nextInt(Math.min(head.length, 60))] = (byte) random.nextInt();
            }
            ProxyReading whole = read(head, 0, head.length);
            ProxyReading part = read(head, 0, random.nextInt(head.length + 1));
            if (part != ProxyReading.NEED_MORE) {
                assertThat(whole).isEqualTo(part);
            }
        }
    }

    static List<Corpus.Entry> proxied() {
        return Corpus.all().stream()
                .filter(entry -> entry.protocol().startsWith("proxy-v"))
                .toList();
    }

    /** What the manifest calls {@code proxy-v1+tls} is a header of version 1, and behind it a head of TLS. */
    @ParameterizedTest
    @MethodSource("proxied")
    void recordedHeadsAreWhatTheManifestSays(Corpus.Entry entry) {
        ProxyReading reading = read(entry.bytes(), 0, entry.bytes().length);
        if (entry.protocol().endsWith("malformed")) {
            assertThat(reading).isEqualTo(ProxyReading.NO_HEADER);
        } else if (!(reading instanceof ProxyHeader header)) {
            assertThat(reading).isEqualTo(ProxyReading.NEED_MORE);
            assertThat(entry.protocol()).endsWith("(truncated)");
        } else {
            String inner = entry.protocol().replaceFirst("proxy-v[12]\\+", "");
            Detection detection = new Classifier(Detectors.BUILTIN)
                    .classify(ByteBuffer.wrap(entry.bytes()).position(header.length()));
            if (inner.endsWith("(truncated)")) {
                assertThat(detection).isEqualTo(Detection.NEED_MORE);
            } else if (inner.startsWith("openvpn") || inner.startsWith("tls")) {
                assertThat(detection)
                        .isInstanceOfSatisfying(
                                Detection.Match.class,
                                match -> assertThat(inner).startsWith(match.protocol()));
            }
        }
    }

    @Test
    void theManifestHasThem() {
        assertThat(proxied()).hasSizeGreaterThan(15);
    }

    private static ProxyReading read(byte[] head, int from, int length) {
        return ProxyHeader.read(ByteBuffer.wrap(head, from, length).asReadOnlyBuffer());
    }
}
