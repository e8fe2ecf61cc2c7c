package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.connection.Loop;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LagsTest {
    private static final long WAIT = 50_000_000;

    private final Counters ended = new Counters();
    private final Loop loop = new Loop(0, 1, ended);
    private final Lags lags = new Lags(new Telemetry(List.of(new Telemetry.Counted(loop, ended))));

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aStuckLoopShowsAtOnceAndForAMinute() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        lags.tick();
        await().until(() -> lags.longest()[0] > WAIT);
        lags.tick();
        stuck.countDown();
        loop.submit(() -> {}).sync();
        for (int second = 0; second < 59; second++) {
            assertThat(lags.longest()[0]).isGreaterThan(WAIT);
            lags.tick();
            loop.submit(() -> {}).sync();
        }
        lags.tick();
        loop.submit(() -> {}).sync();
        lags.tick();
        assertThat(lags.longest()[0]).isLessThan(WAIT);
    }
}
