package dev.portshare.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1:443",
        "255.255.255.255, 255.255.255.255:443",
        "0.0.0.0, 0.0.0.0:443",
        "::, [::]:443",
        "::1, [::1]:443",
        "2001:db8::1, [2001:db8::1]:443",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:443",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:443",
        "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]:443",
        "1:2:3:4:5:6:0:0, [1:2:3:4:5:6::]:443",
        "fe80::ABCD, [fe80::abcd]:443"
    })
    void isWrittenAsRfc5952Asks(String address, String expected) throws Exception {
        Endpoint endpoint = Endpoint.of(new InetSocketAddress(InetAddress.getByName(address), 443));
        assertThat(endpoint).hasToString(expected);
        assertThat(endpoint.address()).isEqualTo(InetAddress.getByName(address));
    }

    @Test
    void aMappedAddressIsIpv4() {
        Endpoint endpoint = new Endpoint(0, 0xffff_c000_0201L, 80, 0);
        assertThat(endpoint.isIpv4()).isTrue();
        assertThat(endpoint).hasToString("192.0.2.1:80").isEqualTo(Endpoint.ipv4(0xc0000201, 80));
    }

    @Test
    void aLinkLocalAddressKeepsItsInterface() throws Exception {
        InetAddress address =
                Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), 1);
        assertThat(Endpoint.of(address, 443)).hasToString("[fe80::1%1]:443");
        assertThat(((Inet6Address) Endpoint.of(address, 443).address()).getScopeId())
                .isEqualTo(1);
    }
}
