package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portshare.route.Backend.Tcp;
import dev.portshare.route.Backend.Unix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:1194",
                "[::1]:22",
                "[2001:db8::1]:65535",
                "name:443",
                "a_b.example.org.:1",
                "unix:/run/app.sock",
                "unix:@abstract"
            })
    void givesBackItsNotation(String notation) {
        assertThat(Backend.parse(notation)).hasToString(notation);
    }

    @Test
    void isAHostAndAPortOrAPath() {
        assertThat(Backend.parse("[::1]:22")).isEqualTo(new Tcp("::1", 22));
        assertThat(Backend.parse("name:443")).isEqualTo(new Tcp("name", 443));
        assertThat(Backend.parse("unix:/a")).isEqualTo(new Unix("/a"));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
        '' => an empty address; write one such as 127.0.0.1:8443
        8443 => no host in "8443"; write 127.0.0.1:8443
        :8443 => no host in ":8443"; write 127.0.0.1:8443
        name => no port in "name"; write name:443
        127.0.0.1 => no port in "127.0.0.1"; write 127.0.0.1:443
        [::1] => no port in "[::1]"; write [::1]:443
        ::1:22 => an IPv6 address without brackets in "::1:22"; write [::1]:22
        2001:db8::1 => no port in "2001:db8::1"; write [2001:db8::1]:443
        http://name:80 => too many colons in "http://name:80"; write HOST:PORT
        [name]:22 => "name" is no IPv6 address; brackets are for such as [::1]:443
        [127.0.0.1]:22 => "127.0.0.1" is no IPv6 address; brackets are for such as [::1]:443
        [fe80::1%nolink]:22 => "fe80::1%nolink" is no IPv6 address, or its network interface does not exist; \
        brackets are for such as [::1]:443
        name:0 => nothing listens on port 0; write a port from 1 to 65535
        name:65536 => no port "65536"; write a number up to 65535
        name:99999999999 => no port "99999999999"; write a number up to 65535
        name:-1 => no port "-1"; write a number up to 65535
        name:https => no port "https"; write a number up to 65535
        name: => no port ""; write a number up to 65535
        'a b:80' => a blank in "a b:80"; write it without
        a/b:80 => illegal character "/" in "a/b"; a name has letters, digits, "-", "_" and "."
        a..b:80 => between its dots "a..b" has a part of 0 characters; a name has parts of 1 to 63
        unix: => no path in "unix:"; write unix:/run/app.sock
        unix:@ => no path in "unix:@"; write unix:/run/app.sock
        unix:a => "a" is not absolute; write unix:/a or, for an abstract name, unix:@a
        """)
    void saysWhatIsWrongAndWhatToWrite(String notation, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backend.parse(notation))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "300.0.0.1", "127.0.0.010", "0177.1", "1.2.3.4."})
    void whatResolversWouldTakeForAnAddressIsNoName(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backend.parse(host + ":80"))
                .withMessage("\"" + host
                        + "\" is no IPv4 address; write four decimals without leading zeros, such as 127.0.0.1");
    }

    @Test
    void aUnixPathFitsTheKernelsStructure() {
        String longest = "/" + "x".repeat(106);
        assertThat(new Unix(longest).path()).hasSize(107);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backend.parse("unix:/" + "é".repeat(54)))
                .withMessage("a unix path of 109 bytes; the kernel takes at most 107");
    }

    @Test
    void knowsALiteralAddressWithoutDns() throws UnknownHostException {
        assertThat(new Tcp("127.0.0.1", 1).literal()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertThat(new Tcp("::1", 1).literal()).isEqualTo(InetAddress.getByName("::1"));
        assertThat(new Tcp("fe80::1%1", 1).literal()).isEqualTo(InetAddress.getByName("fe80::1%1"));
        assertThat(new Tcp("localhost", 1).literal()).isNull();
        assertThat(new Tcp("1.2.3.4.example.org", 1).literal()).isNull();
    }
}
