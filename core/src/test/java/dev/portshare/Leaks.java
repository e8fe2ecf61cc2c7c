package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Netty's leak detector (-Dio.netty.customResourceLeakDetector), which remembers what it found, so that a test can fail. */
public final class Leaks<T> extends ResourceLeakDetector<T> {
    /** What Netty's HTTP codec keeps once it was used: the ends of a line, and of a chunked body. */
    private static final long HTTP_CONSTANTS = "\r\n".length() + "0\r\n\r\n".length();

    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    public Leaks(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /** What Netty asks for as well, and would say in many lines that it is missing. */
    public Leaks(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    /** No buffer was lost so far; and none is in use, which must be so when no event loop runs. */
    static void assertNone() {
        assertThat(FOUND).isEmpty();
        assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                .as("bytes kept after the end")
                .isIn(0L, HTTP_CONSTANTS);
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        FOUND.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        FOUND.add(resourceType);
    }
}
