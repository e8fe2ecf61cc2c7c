package dev.portshare.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.Endpoint;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    /** Near where {@link System#nanoTime} begins anew. */
    private long now = Long.MAX_VALUE - SECOND / 2;

    private final Pace pace = new Pace(now);

    private int allowed(Endpoint client, int asked, int rate) {
        int allowed = 0;
        for (int i = 0; i < asked; i++) {
            allowed += pace.allows(client, rate, now) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void aClientMayBeginAsManyAtOnceAndAsManyASecond() {
        Endpoint client = Endpoint.ipv4(7, 1);
        assertThat(allowed(client, 100, 20)).isEqualTo(20);
        now += SECOND / 2;
        assertThat(allowed(client.withPort(2), 100, 20)).isEqualTo(10);
        now += 10 * SECOND;
        assertThat(allowed(client, 100, 20)).isEqualTo(20);
        assertThat(allowed(Endpoint.ipv4(8, 1), 100, 20)).as("another client").isEqualTo(20);
    }

    @Test
    void anIpv6ClientIsItsNetwork() {
        assertThat(allowed(new Endpoint(1, 1, 1, 0), 3, 4)).isEqualTo(3);
        assertThat(allowed(new Endpoint(1, -1, 1, 0), 3, 4)).isEqualTo(1);
        assertThat(allowed(new Endpoint(2, 1, 1, 0), 3, 4)).isEqualTo(3);
    }

    /** Whoever comes again and again is not forgotten for those who came once. */
    @Test
    void aFloodOfClientsMakesNobodyForgetWhoIsBusy() {
        Endpoint busy = Endpoint.ipv4(7, 1);
        assertThat(allowed(busy, 100, 20)).isEqualTo(20);
        for (int i = 0; i < 4 * Pace.CLIENTS; i++) {
            assertThat(pace.allows(Endpoint.ipv4(1000 + i, 1), 20, now)).isTrue();
        }
        assertThat(allowed(busy, 100, 20)).isZero();
    }
}
