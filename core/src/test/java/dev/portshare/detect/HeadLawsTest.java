package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Each law finds the parser that breaks it. */
class HeadLawsTest {
    private static final byte[] HEAD = {1, 2, 3, 4, 5};

    @Test
    void aVerdictThatChangesIsFound() {
        breaks(head -> head.remaining() == 3 ? Detection.NO_MATCH : Detection.NEED_MORE);
    }

    @Test
    void whoCountsFromTheStartOfTheBufferIsFound() {
        breaks(head -> head.hasRemaining() && head.get(0) == 1 ? Detection.NEED_MORE : Detection.NO_MATCH);
    }

    @Test
    void whoReadsBehindTheHeadIsFound() {
        breaks(head ->
                head.limit() < head.capacity() && head.limit(head.capacity()).get(head.capacity() - 1) != 0
                        ? Detection.NO_MATCH
                        : Detection.NEED_MORE);
    }

    @Test
    void whoAllocatesALengthThatIsClaimedIsFound() {
        breaks(_ -> ByteBuffer.allocate(0xFFFF).hasRemaining() ? Detection.NEED_MORE : Detection.NO_MATCH);
    }

    private static void breaks(Detector detector) {
        assertThatThrownBy(() -> HeadLaws.of(detector).hold(HEAD)).isInstanceOf(AssertionError.class);
    }
}
