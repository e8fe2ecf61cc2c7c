package dev.portshare.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressOrderTest {
    private static final List<InetAddress> NONE = List.of();

    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts).map(InetAddress::ofLiteral).toList();
    }

    @Test
    void familiesTakeTurnsAndIpv6Begins() {
        assertThat(AddressOrder.order(
                        addresses("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2"),
                        NONE,
                        _ -> true))
                .isEqualTo(addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3"));
    }

    @Test
    void whereNoRouteLeadsIsTriedLast() {
        assertThat(AddressOrder.order(
                        addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"),
                        NONE,
                        Inet4Address.class::isInstance))
                .isEqualTo(addresses("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"));
    }

    @Test
    void anotherOrderIsNoChange() {
        List<InetAddress> before = AddressOrder.order(addresses("192.0.2.1", "192.0.2.2"), NONE, _ -> true);
        assertThat(AddressOrder.order(addresses("192.0.2.2", "192.0.2.1", "192.0.2.2"), before, _ -> true))
                .isEqualTo(before);
        assertThat(AddressOrder.order(addresses("192.0.2.3", "192.0.2.2"), before, _ -> true))
                .isEqualTo(addresses("192.0.2.2", "192.0.2.3"));
    }

    @Test
    void loopbackHasARouteAndADocumentationPrefixIsNoReasonToFail() {
        assertThat(AddressOrder.here(addresses("127.0.0.1"), NONE)).isEqualTo(addresses("127.0.0.1"));
        assertThat(AddressOrder.here(addresses("2001:db8::1", "127.0.0.1", "fe80::1"), NONE))
                .hasSize(3);
    }
}
