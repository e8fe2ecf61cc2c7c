package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Endpoint;
import dev.portshare.telemetry.LogOptions.Connections;
import dev.portshare.telemetry.LogOptions.Format;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessLogTest {
    private final List<Level> levels = new ArrayList<>();
    private final List<LogLine> lines = new ArrayList<>();
    private final AccessLog log = new AccessLog(
            (level, line) -> {
                levels.add(level);
                lines.add(line);
            },
            LogOptions.DEFAULTS);

    @Test
    void everyKeyStandsInItsPlace() {
        log.closed(new ConnectionRecord(
                3,
                Endpoint.ipv4(0x7f000001, 5),
                Endpoint.ipv4(0x7f000001, 443),
                "tls",
                "a\u001b[0m",
                List.of("h2", "x,y z"),
                "web",
                "127.0.0.1:8443",
                null,
                1,
                2,
                3_999_999,
                0,
                12_000_000,
                CloseReason.COMPLETED));
        assertThat(line())
                .isEqualTo(
                        "id=3 src=127.0.0.1:5 dst=127.0.0.1:443 proto=tls sni=a\\x1b[0m alpn=h2,x\\x2cy\\x20z route=web"
                                + " backend=127.0.0.1:8443 in=1 out=2 head_ms=3 connect_ms=0 ms=12 close=completed");
    }

    @Test
    void whatIsUnknownIsNull() {
        log.closed(ended(null, List.of(), CloseReason.CLIENT_RESET));
        assertThat(line())
                .isEqualTo("id=0 src=null dst=null proto=null sni=null alpn=null route=null backend=null in=0 out=0"
                        + " head_ms=null connect_ms=null ms=0 close=client-reset");
    }

    @Test
    void aLineIsBoundedWhateverTheClientOffers() {
        log.closed(ended(null, Collections.nCopies(30_000, "\0"), CloseReason.NO_ROUTE));
        assertThat(line()).contains(",... route=").hasSizeLessThan(5000);
        // 64 KiB of names, and where each of them ends.
        assertThat(lines.getFirst().weight()).isEqualTo(64 * 1024 + 60_000);
    }

    @ParameterizedTest
    @EnumSource(CloseReason.class)
    void whatTheOperatorCanChangeIsAWarning(CloseReason reason) {
        log.closed(ended(null, List.of(), reason));
        assertThat(levels).containsExactly(reason.isRemediable() ? Level.WARN : Level.INFO);
    }

    @Test
    void otherOptionsHoldFromTheNextConnectionOn() {
        Endpoint client = Endpoint.ipv4(0x7f000001, 5);
        log.closed(ended(client, List.of(), CloseReason.COMPLETED));
        log.use(new LogOptions(Format.TEXT, null, Connections.REFUSED, 1, new AddressMask(24, 48)));
        log.closed(ended(client, List.of(), CloseReason.COMPLETED));
        log.closed(ended(client, List.of(), CloseReason.NO_ROUTE));
        assertThat(lines).hasSize(2);
        assertThat(text(lines.getFirst())).contains("src=127.0.0.1:5 ");
        assertThat(text(lines.getLast())).contains("src=127.0.0.0/24 ");
    }

    /** With addresses cut short, it would tell clients apart. */
    @Test
    void whatStandsForTheClientIsToldOfWhereAddressesAreShownWhole() {
        ConnectionRecord record = new ConnectionRecord(
                0,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                Endpoint.ipv4(0x7f400309, 0),
                0,
                0,
                -1,
                -1,
                0,
                CloseReason.COMPLETED);
        log.closed(record);
        log.use(new LogOptions(Format.TEXT, null, Connections.ALL, 1, new AddressMask(24, 48)));
        log.closed(record);
        assertThat(text(lines.getFirst())).contains(" backend=null as=127.64.3.9 in=0 ");
        assertThat(text(lines.getLast())).contains(" backend=null in=0 ");
    }

    static ConnectionRecord ended(CloseReason reason) {
        return ended(null, List.of(), reason);
    }

    private static ConnectionRecord ended(Endpoint client, List<String> names, CloseReason reason) {
        return new ConnectionRecord(0, client, null, null, null, names, null, null, null, 0, 0, -1, -1, 0, reason);
    }

    private String line() {
        assertThat(lines).hasSize(1);
        return text(lines.getFirst());
    }

    private static String text(LogLine line) {
        StringJoiner fields = new StringJoiner(" ");
        line.writeTo(new LogFields() {
            @Override
            public void add(String key, CharSequence value) {
                fields.add(key + "=" + value);
            }

            @Override
            public void add(String key, long value) {
                fields.add(key + "=" + value);
            }

            @Override
            public void message(String text, Throwable thrown) {
                throw new AssertionError("a connection's line has keys only");
            }
        });
        return fields.toString();
    }
}
