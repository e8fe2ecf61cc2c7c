package dev.portshare.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.connection.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AskingTest {
    private final Loop loop = new Loop(0, 1, _ -> {});

    @AfterEach
    void leave() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What all askings read together, for the largest head there is: each byte some thirty times, rather than 64 Ki times. */
    @Test
    void aHeadThatComesByteByByteIsReadSoOftenAsItsSizeTellsAndNoMore() throws Exception {
        Asking asking = new Asking(() -> {});
        long[] work = {0, 0};
        loop.submit(() -> {
                    for (int length = Loop.SMALL_HEAD + 1; length <= Loop.HEAD_LIMIT; length++) {
                        if (asking.isDue(length, loop)) {
                            work[0] += length;
                            work[1]++;
                        }
                    }
                    asking.cancel();
                })
                .get();
        System.out.printf("asking: %d times, %d bytes read%n", work[1], work[0]);
        assertThat(work[1]).as("askings").isLessThan(Asking.FREE + 70);
        assertThat(work[0]).as("bytes read").isLessThan(30L * Loop.HEAD_LIMIT);
    }

    @Test
    void theLargestHelloInPacketsIsAskedAboutWithEach() throws Exception {
        Asking asking = new Asking(() -> {});
        loop.submit(() -> {
                    for (int length = 1448; length <= 1 << 16; length += 1448) {
                        assertThat(length <= Loop.SMALL_HEAD || asking.isDue(length, loop))
                                .isTrue();
                    }
                })
                .get();
    }

    @Test
    void whateverWasNotDueIsAskedAboutInTime() throws Exception {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        Asking[] asking = {null};
        asking[0] = new Asking(() -> asked.complete(!asking[0].isBehind(10_000 + Asking.FREE)));
        loop.submit(() -> {
                    for (int i = 0; i <= Asking.FREE; i++) {
                        assertThat(asking[0].isDue(10_000 + i, loop)).isEqualTo(i < Asking.FREE);
                    }
                    assertThat(asking[0].isBehind(10_000 + Asking.FREE)).isTrue();
                })
                .get();
        assertThat(asked.get(20, TimeUnit.SECONDS)).isTrue();
    }
}
