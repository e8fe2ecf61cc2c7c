package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first law: the verdict does not depend on how TCP cut the bytes. In sslh a first packet that was cut got lost, or waited
 * where it could not match; in Traefik it took a laxer route (CVE-2026-32305).
 */
class SegmentationTest {
    private static final Classifier CLASSIFIER = new Classifier(Detectors.BUILTIN);

    static List<Entry> corpus() {
        return Corpus.all();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void verdictOnceReachedStays(Entry entry) {
        for (NamedDetector row : Detectors.BUILTIN) {
            HeadLaws.of(row.detector()).whatIsDecidedStays(entry.bytes());
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void verdictIsTheSameForEveryCutIntoTwo(Entry entry) {
        byte[] bytes = entry.bytes();
        Detection whole = verdictByteByByte(bytes);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(feed(bytes, cut, bytes.length)).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void verdictIsTheSameForCutsIntoMany(Entry entry) {
        byte[] bytes = entry.bytes();
        Detection whole = verdictByteByByte(bytes);
        Random random = new Random(443);
        for (int round = 0; round < 50; round++) {
            int pieces = 2 + random.nextInt(8);
            int[] cuts = random.ints(pieces, 0, bytes.length + 1).sorted().toArray();
            cuts[pieces - 1] = bytes.length;
            assertThat(feed(bytes, cuts)).as("round %d", round).isEqualTo(whole);
        }
    }

    private static Detection verdictByteByByte(byte[] bytes) {
        int[] cuts = new int[bytes.length + 1];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i;
        }
        return feed(bytes, cuts);
    }

    /** As the head is read: append, classify, stop at the first decision. */
    private static Detection feed(byte[] bytes, int... cuts) {
        for (int size : cuts) {
            Detection detection = CLASSIFIER.classify(prefix(bytes, size));
            if (detection != Detection.NEED_MORE) {
                return detection;
            }
        }
        return Detection.NEED_MORE;
    }

    private static ByteBuffer prefix(byte[] bytes, int size) {
        return ByteBuffer.wrap(bytes, 0, size).asReadOnlyBuffer();
    }
}
