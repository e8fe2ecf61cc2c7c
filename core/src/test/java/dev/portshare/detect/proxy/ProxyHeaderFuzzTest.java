package dev.portshare.detect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.portshare.detect.HeadLaws;
import dev.portshare.detect.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** PROXY headers of both versions. */
class ProxyHeaderFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.concat(Headers.heads(), Seeds.of("proxy"));
    }

    @MethodSource("seeds")
    @FuzzTest
    void lawsHold(byte[] head) {
        new HeadLaws<>(ProxyHeader::read, ProxyReading.NEED_MORE).hold(head);
        if (ProxyHeader.read(ByteBuffer.wrap(head)) instanceof ProxyHeader header) {
            isWhatItsBytesSay(header, head);
        }
    }

    /** It is within the cap and the head, needs its last byte, is read again from its own bytes, and its TLVs fit together. */
    private static void isWhatItsBytesSay(ProxyHeader header, byte[] head) {
        int length = header.length();
        assertThat(length).isLessThanOrEqualTo(ProxyHeader.MAX_LENGTH).isLessThanOrEqualTo(head.length);
        assertThat(header.bytes()).isEqualTo(ByteBuffer.wrap(head, 0, length));
        assertThat(ProxyHeader.read(ByteBuffer.wrap(Arrays.copyOf(head, length - 1))))
                .isEqualTo(ProxyReading.NEED_MORE);
        assertThat(ProxyHeader.read(header.bytes())).isEqualTo(header);
        for (int type = 0; type < 256; type++) {
            ByteBuffer value = header.tlv(type);
            assertThat(value == null ? 0 : value.remaining())
                    .isLessThanOrEqualTo(header.tlvs().remaining());
        }
    }
}
