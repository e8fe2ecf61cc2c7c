package dev.portshare.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ResolverTest {
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();
    private volatile boolean down;

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        int count = lookups.incrementAndGet();
        if (down) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) count})};
    }

    @Test
    void anAnswerIsKeptAndRenewedBehindTheBackOfTheCaller() throws Exception {
        try (Resolver resolver = new Resolver(this::lookUp, now::get)) {
            String first = resolver.resolve("web").get().getFirst().getHostAddress();
            assertThat(first).isEqualTo("127.0.0.1");
            now.addAndGet(Resolver.FRESH.toNanos());
            assertThat(resolver.resolve("web").get()).hasToString("[/127.0.0.1]");
            assertThat(lookups).hasValue(1);
            now.incrementAndGet();
            assertThat(resolver.resolve("web").get()).hasToString("[/127.0.0.1]");
            await().untilAsserted(
                            () -> assertThat(resolver.resolve("web").get()).hasToString("[/127.0.0.2]"));
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void anOldAnswerServesWhileDnsIsDown() throws Exception {
        try (Resolver resolver = new Resolver(this::lookUp, now::get)) {
            resolver.resolve("web").get();
            down = true;
            now.addAndGet(2 * Resolver.FRESH.toNanos());
            assertThat(resolver.resolve("web").get()).hasToString("[/127.0.0.1]");
            await().untilAsserted(() -> assertThat(lookups).hasValue(2));
            assertThat(resolver.resolve("web").get()).hasToString("[/127.0.0.1]");
        }
    }

    @Test
    void aFailureIsAskedAgain() throws Exception {
        try (Resolver resolver = new Resolver(this::lookUp, now::get)) {
            down = true;
            assertThatThrownBy(() -> resolver.resolve("web").get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownHostException.class);
            down = false;
            assertThat(resolver.resolve("web").get()).hasToString("[/127.0.0.2]");
        }
    }
}
