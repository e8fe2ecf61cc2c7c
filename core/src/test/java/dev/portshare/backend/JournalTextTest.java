package dev.portshare.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.route.Journal.Format;
import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses in a journal are as OpenVPN or the log writes them, and nothing else is a journal's file. */
class JournalTextTest {
    private static Endpoint endpoint(String address, int port) throws Exception {
        return Endpoint.of(InetAddress.ofLiteral(address), port);
    }

    @Test
    void openVpnsAreWithItsFamilyAndWithoutBracketsRoundTheAddress() throws Exception {
        assertThat(JournalText.of(endpoint("127.0.0.1", 42904), Format.OPENVPN, false))
                .isEqualTo("[AF_INET]127.0.0.1:42904");
        assertThat(JournalText.of(endpoint("127.0.0.1", 60434), Format.OPENVPN, true))
                .isEqualTo("[AF_INET6]::ffff:127.0.0.1:60434");
        assertThat(JournalText.of(endpoint("::1", 45776), Format.OPENVPN, false))
                .isEqualTo("[AF_INET6]::1:45776");
        assertThat(JournalText.of(endpoint("2001:db8::7", 1), Format.OPENVPN, true))
                .isEqualTo("[AF_INET6]2001:db8::7:1");
    }

    @Test
    void plainOnesAreAsTheLogWritesThem() throws Exception {
        assertThat(JournalText.of(endpoint("127.0.0.1", 42904), Format.PLAIN, true))
                .isEqualTo("127.0.0.1:42904");
        assertThat(JournalText.of(endpoint("::1", 45776), Format.PLAIN, false)).isEqualTo("[::1]:45776");
    }

    @Test
    void ofALinkLocalAddressOpenVpnNamesTheInterface() {
        Endpoint scoped = new Endpoint(0xfe80L << 48, 1, 7, 1);
        assertThat(JournalText.of(scoped, Format.OPENVPN, false)).isEqualTo("[AF_INET6]fe80::1%lo:7");
        assertThat(JournalText.of(scoped, Format.PLAIN, false)).isEqualTo("[fe80::1%1]:7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[AF_INET]127.0.0.1:42904",
                "[AF_INET6]::1:45776",
                "[AF_INET6]fe80::1%eth0.5:7",
                "127.0.0.1:42904",
                "[::1]:45776",
                "[fe80::1%2]:7"
            })
    void isAName(String name) {
        assertThat(JournalText.isName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":1",
                "x:1",
                "notes",
                "journal.txt",
                "[AF_INET]127.0.0.1",
                "[AF_INET]127.0.0.1:",
                "[AF_INET]127.0.0.1:x",
                "[AF_INET]127.0.0.1:042904",
                "[AF_INET]127.0.0.1:65536",
                "[AF_INET]127.0.0.1:99999",
                "[AF_INET]::1:1",
                "[AF_INET6]127.0.0.1:1",
                "[AF_INET6]0::1:1",
                "[AF_INET6]::1%:1",
                "[AF_UNIX]/run/x:1",
                "127.0.0.1:1.bak",
                ".127.0.0.1:1",
                "::1:45776",
                "[::1:45776",
                "[::1%]:7",
                "[::1%]7:7",
                "%:7"
            })
    void isNoName(String name) {
        assertThat(JournalText.isName(name)).isFalse();
    }
}
