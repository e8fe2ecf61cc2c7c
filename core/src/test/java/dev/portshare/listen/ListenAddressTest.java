package dev.portshare.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portshare.listen.ListenAddress.Any;
import dev.portshare.listen.ListenAddress.Tcp;
import dev.portshare.listen.ListenAddress.Unix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "443, :443",
        ":443, :443",
        "0, :0",
        "127.0.0.1:443, 127.0.0.1:443",
        "0.0.0.0:443, 0.0.0.0:443",
        "[::]:0, [::]:0",
        "name:443, name:443",
        "unix:/run/portshare.sock, unix:/run/portshare.sock",
        "unix:@abstract, unix:@abstract",
        "systemd:portshare.socket, systemd:portshare.socket"
    })
    void givesBackItsNotation(String notation, String canonical) {
        assertThat(ListenAddress.parse(notation)).hasToString(canonical);
        assertThat(ListenAddress.parse(canonical)).isEqualTo(ListenAddress.parse(notation));
    }

    @Test
    void isAPortOfEveryAddressOrOneAddressOrAPath() {
        assertThat(ListenAddress.parse("443")).isEqualTo(new Any(443));
        assertThat(ListenAddress.parse("[::1]:443")).isEqualTo(new Tcp("::1", 443));
        assertThat(ListenAddress.parse("unix:/a")).isEqualTo(new Unix("/a"));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
        systemd: => no name in "systemd:"; write systemd: and what the socket unit has as FileDescriptorName=
        systemd:a:b => "a:b" is no name of a socket; write letters and digits, as FileDescriptorName= in the socket unit does
        *:443 => no host "*"; write :443 for every address of both families
        65536 => no port "65536"; write a number up to 65535
        :99999999999 => no port "99999999999"; write a number up to 65535
        name => no port in "name"; write name:443
        ::1:443 => an IPv6 address without brackets in "::1:443"; write [::1]:443
        unix:a => "a" is not absolute; write unix:/a or, for an abstract name, unix:@a
        """)
    void saysWhatIsWrongAndWhatToWrite(String notation, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenAddress.parse(notation))
                .withMessage(message);
    }
}
