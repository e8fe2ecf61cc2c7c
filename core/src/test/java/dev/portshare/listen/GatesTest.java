package dev.portshare.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final long SECOND = 1_000_000_000;
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Gate SSH = new Gate("knock.dev.test", List.of("ssh"), TIME);
    private static final Gate VPN = new Gate("other.dev.test", List.of("vpn", "admin"), Duration.ofMinutes(90));
    private static final Endpoint CLIENT = Endpoint.ipv4(7, 1);

    /** Near where {@link System#nanoTime} begins anew. */
    private long now = Long.MAX_VALUE - 5 * SECOND;

    private final Knocks knocks = new Knocks(3);

    @Test
    void aKnockCountsForItsTimeAndAFurtherOneBeginsItAnew() {
        assertThat(knocks.isOpenFor(CLIENT, now)).isFalse();
        knocks.add(CLIENT, TIME, now);
        assertThat(knocks.isOpenFor(CLIENT.withPort(2), now)).isTrue();
        assertThat(knocks.isOpenFor(Endpoint.ipv4(8, 1), now)).isFalse();
        now += 9 * SECOND;
        knocks.add(CLIENT, TIME, now);
        now += 9 * SECOND;
        assertThat(knocks.isOpenFor(CLIENT, now)).isTrue();
        now += SECOND;
        assertThat(knocks.isOpenFor(CLIENT, now)).isFalse();
        assertThat(knocks.count(now)).isZero();
    }

    @Test
    void anIpv6ClientIsItsNetworkButOnALinkItself() {
        knocks.add(new Endpoint(1, 1, 1, 0), TIME, now);
        assertThat(knocks.isOpenFor(new Endpoint(1, -1, 1, 0), now)).isTrue();
        assertThat(knocks.isOpenFor(new Endpoint(2, 1, 1, 0), now)).isFalse();
        long link = 0xfe80L << 48;
        knocks.add(new Endpoint(link, 1, 1, 2), TIME, now);
        assertThat(knocks.isOpenFor(new Endpoint(link, 1, 5, 2), now)).isTrue();
        assertThat(knocks.isOpenFor(new Endpoint(link, 2, 1, 2), now)).isFalse();
        assertThat(knocks.isOpenFor(new Endpoint(link, 1, 1, 3), now)).isFalse();
    }

    /** The one that knocked longest ago; and before all, those whose time is over. */
    @Test
    void ofMoreThanThereIsRoomForTheFirstHasToKnockAgain() {
        for (int i = 0; i < 3; i++) {
            knocks.add(Endpoint.ipv4(i, 1), TIME, now + i);
        }
        knocks.add(Endpoint.ipv4(0, 1), TIME, now + 3);
        knocks.add(Endpoint.ipv4(3, 1), TIME, now + 4);
        assertThat(List.of(0, 1, 2, 3))
                .filteredOn(i -> knocks.isOpenFor(Endpoint.ipv4(i, 1), now + 4))
                .containsExactly(0, 2, 3);
        now += 2 * TIME.toNanos();
        knocks.add(CLIENT, TIME, now);
        assertThat(knocks.count(now)).isEqualTo(1);
    }

    @Test
    void eachNameOpensItsOwnGate() {
        Gates gates = new Gates(List.of(SSH, VPN), null);
        assertThat(gates.knock("unknown.dev.test", CLIENT, now)).isNull();
        assertThat(gates.open(CLIENT, now)).isEmpty();
        assertThat(gates.knock("knock.dev.test", CLIENT, now)).isSameAs(SSH);
        assertThat(gates.open(CLIENT, now)).containsExactly("knock.dev.test");
        assertThat(gates.knock("other.dev.test", CLIENT, now)).isSameAs(VPN);
        assertThat(gates.open(CLIENT, now)).containsExactly("knock.dev.test", "other.dev.test");
        now += TIME.toNanos();
        assertThat(gates.open(CLIENT, now)).containsExactly("other.dev.test");
    }

    @Test
    void afterAReloadAGateOfTheSameNameIsStillOpenAndAnotherIsShut() {
        Gates before = new Gates(List.of(SSH, VPN), null);
        before.knock("knock.dev.test", CLIENT, now);
        before.knock("other.dev.test", CLIENT, now);
        Gate changed = new Gate("knock.dev.test", List.of("ssh", "git"), Duration.ofSeconds(1));
        Gates after = new Gates(List.of(changed), before);
        assertThat(after.open(CLIENT, now + 9 * SECOND)).containsExactly("knock.dev.test");
        Gates again = new Gates(List.of(SSH, VPN), after);
        assertThat(again.open(CLIENT, now)).containsExactly("knock.dev.test");
    }

    @Test
    void whatAGateDoesIsSaidWithoutItsName() {
        assertThat(SSH).hasToString("ssh for 10s");
        assertThat(VPN).hasToString("vpn and admin for 1h30m");
        Gates gates = new Gates(List.of(SSH, VPN), null);
        gates.knock("knock.dev.test", CLIENT, System.nanoTime());
        assertThat(gates.counts())
                .containsExactly(Map.entry("ssh for 10s", 1), Map.entry("vpn and admin for 1h30m", 0));
    }
}
