package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    @Test
    void everyKeyStandsInItsPlace() {
        assertThat(line(new ConnectionRecord(
                        3,
                        Endpoint.ipv4(0x7f000001, 5),
                        Endpoint.ipv4(0x7f000001, 443),
                        "tls",
                        "a\u001b[0m",
                        List.of("h2", "x,y z"),
                        "web",
                        "127.0.0.1:8443",
                        1,
                        2,
                        3_999_999,
                        0,
                        12_000_000,
                        CloseReason.COMPLETED)))
                .isEqualTo(
                        "id=3 src=127.0.0.1:5 dst=127.0.0.1:443 proto=tls sni=a\\x1b[0m alpn=h2,x\\x2cy\\x20z route=web"
                                + " backend=127.0.0.1:8443 in=1 out=2 head_ms=3 connect_ms=0 ms=12 close=completed");
    }

    @Test
    void whatIsUnknownIsADash() {
        assertThat(line(new ConnectionRecord(
                        0, null, null, null, null, List.of(), null, null, 0, 0, -1, -1, 0, CloseReason.CLIENT_RESET)))
                .isEqualTo(
                        "id=0 src=- dst=- proto=- sni=- alpn=- route=- backend=- in=0 out=0 head_ms=- connect_ms=- ms=0"
                                + " close=client-reset");
    }

    @Test
    void aLineIsBoundedWhateverTheClientOffers() {
        List<String> names = java.util.Collections.nCopies(30_000, "\0");
        assertThat(line(new ConnectionRecord(
                        0, null, null, "tls", null, names, null, null, 0, 0, 0, -1, 0, CloseReason.NO_ROUTE)))
                .contains(",... route=")
                .hasSizeLessThan(5000);
    }

    private static String line(ConnectionRecord connection) {
        StringBuilder line = new StringBuilder();
        AccessLog.append(connection, line);
        return line.toString();
    }
}
