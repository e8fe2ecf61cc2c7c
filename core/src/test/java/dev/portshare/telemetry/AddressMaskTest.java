package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressMaskTest {
    @ParameterizedTest
    @CsvSource({
        "32/128, 192.0.2.7, 192.0.2.7:443",
        "32/128, 2001:db8:1:2::7, [2001:db8:1:2::7]:443",
        "24/48, 192.0.2.7, 192.0.2.0/24",
        "24/48, ::ffff:192.0.2.7, 192.0.2.0/24",
        "24/48, 2001:db8:1:2::7, 2001:db8:1::/48",
        "24/48, fe80::7%1, fe80::/48",
        "0/0, 192.0.2.7, 0.0.0.0/0",
        "0/0, 2001:db8:1:2::7, ::/0",
        "31/64, 192.0.2.7, 192.0.2.6/31",
        "31/64, 2001:db8:1:2::7, 2001:db8:1:2::/64",
        "32/127, 192.0.2.7, 192.0.2.7/32",
        "32/127, 2001:db8:1:2::7, 2001:db8:1:2::6/127",
        "31/128, 2001:db8:1:2::7, 2001:db8:1:2::7/128"
    })
    void showsTheNetworkThatTheClientIsIn(String mask, String client, String shown) throws UnknownHostException {
        Endpoint endpoint = Endpoint.of(InetAddress.getByName(client), 443);
        assertThat(AddressMask.parse(mask).show(endpoint)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"24", "/", "24/", "/48", "33/48", "24/129", "-1/48", "24/48/1", "999999999999/48", "yes"})
    void nothingElseIsAMask(String mask) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressMask.parse(mask))
                .withMessageContaining("such as 24/48");
    }
}
