package dev.portshare.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReserveTest {
    @Test
    void theSoftLimitIsRead() throws Exception {
        String head = "Limit                     Soft Limit           Hard Limit           Units     \n";
        assertThat(Reserve.limit(
                        head + "Max open files            1024                 524288               files     \n"))
                .isEqualTo(1024);
        assertThat(Reserve.limit(Files.readString(Path.of("/proc/self/limits"))))
                .isGreaterThan(100);
    }

    @Test
    void aDescriptorLikeAnyOtherIsNoneOfTheLast() throws Exception {
        Reserve.renew();
        assertThat(Reserve.has(50)).isFalse();
        assertThat(Reserve.isNear(50)).isFalse();
        assertThat(Reserve.isNext()).isFalse();
        assertThat(Reserve.unreserved(50)).isEqualTo(50);
        assertThat(Reserve.has(Reserve.limit(Files.readString(Path.of("/proc/self/limits"))) - 1))
                .isTrue();
    }
}
