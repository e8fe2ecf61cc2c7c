package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What holds for each parser of heads and any bytes, recorded, random or a fuzzer's.
 *
 * @param parser   reads a head from position to limit
 * @param needMore its answer while only more bytes can tell
 */
public record HeadLaws<V>(Function<ByteBuffer, V> parser, V needMore) {
    /** A fuzzer tries every prefix up to here, and behind it some: trying all costs the square of the length. */
    private static final int EVERY_PREFIX = 1_024;

    private static final int STEPS = 64;
    /** The fuzzer's hooks allocate as well: they box what they see. */
    private static final boolean HOOKED = System.getenv("JAZZER_FUZZ") != null;
    /** More than any protocol's facts cost, and less than most lengths that a head can claim. */
    private static final int OBJECTS = HOOKED ? 8_192 : 2_048;
    /** A name is copied from the head, made text, put into lower case and freed of its dot. */
    private static final int COPIES = HOOKED ? 16 : 8;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The laws of a detector. */
    public static HeadLaws<Detection> of(Detector detector) {
        return new HeadLaws<>(detector::detect, Detection.NEED_MORE);
    }

    /** All of them, fast enough for a fuzzer. */
    public void hold(byte[] head) {
        whatIsDecidedStays(head, Math.max(1, (head.length - EVERY_PREFIX) / STEPS));
        nothingOutsidePositionAndLimitCounts(head, 3, (byte) 0);
        nothingOutsidePositionAndLimitCounts(head, 1, (byte) 0xFF);
        allocatesNoMoreThanTheHeadIsWorth(head);
    }

    /** Once a head is decided, every longer one that begins so is decided the same. */
    public void whatIsDecidedStays(byte[] head) {
        whatIsDecidedStays(head, 1);
    }

    private void whatIsDecidedStays(byte[] head, int step) {
        V before = needMore;
        for (int size = 0; size <= head.length; size += size < EVERY_PREFIX ? 1 : step) {
            V now = parser.apply(ByteBuffer.wrap(head, 0, size).asReadOnlyBuffer());
            if (before != needMore) {
                assertThat(now).as("at %d bytes", size).isEqualTo(before);
            }
            before = now;
        }
    }

    /** Neither what stands in front of the head and behind it, nor in what kind of buffer. */
    public void nothingOutsidePositionAndLimitCounts(byte[] head, int offset, byte around) {
        V plain = parser.apply(ByteBuffer.wrap(head));
        for (ByteBuffer buffer : embeddings(head, offset, around)) {
            int limit = buffer.limit();
            assertThat(parser.apply(buffer))
                    .as("%d bytes at %d", head.length, offset)
                    .isEqualTo(plain);
            assertThat(buffer.limit()).isEqualTo(limit);
        }
    }

    /** The same bytes inside others: on the heap, off it, as a slice, read-only, and in the other byte order. */
    private static List<ByteBuffer> embeddings(byte[] head, int offset, byte around) {
        byte[] outer = new byte[offset + head.length + 9];
        Arrays.fill(outer, around);
        System.arraycopy(head, 0, outer, offset, head.length);
        ByteBuffer direct = ByteBuffer.allocateDirect(outer.length).put(outer);
        return List.of(
                ByteBuffer.wrap(outer, offset, head.length),
                ByteBuffer.wrap(outer, offset, head.length).slice(),
                ByteBuffer.wrap(outer, offset, head.length).asReadOnlyBuffer(),
                ByteBuffer.wrap(outer, offset, head.length).order(ByteOrder.LITTLE_ENDIAN),
                direct.limit(offset + head.length).position(offset));
    }

    /** Whatever lengths the head claims. */
    public void allocatesNoMoreThanTheHeadIsWorth(byte[] head) {
        long limit = OBJECTS + (long) COPIES * head.length;
        long least = Long.MAX_VALUE;
        // The first reading may load classes, and any may be the one that the compiler interrupts.
        for (int reading = 0; reading < 4 && least > limit; reading++) {
            least = Math.min(least, allocated(ByteBuffer.wrap(head)));
        }
        assertThat(least).as("bytes allocated for %d", head.length).isLessThanOrEqualTo(limit);
    }

    private long allocated(ByteBuffer head) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        parser.apply(head);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
