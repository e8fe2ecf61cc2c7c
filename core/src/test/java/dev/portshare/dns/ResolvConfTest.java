package dev.portshare.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResolvConfTest {
    private static ResolvConf parse(String text) {
        return ResolvConf.parse(text, Map.of(), 53);
    }

    @Test
    void readsWhatTheManualPageDescribes() {
        ResolvConf conf = parse("""
            # from DHCP
            domain    ignored.example
            search example.org  lan. # ours
            nameserver 192.0.2.1
            nameserver\t2001:db8::1
            nameserver fe80::1%nosuch0
            options ndots:2 timeout:3
            options attempts:4 rotate
            """);
        assertThat(conf.servers())
                .extracting(server -> server.getAddress().getHostAddress() + " " + server.getPort())
                .containsExactly("192.0.2.1 53", "2001:db8:0:0:0:0:0:1 53");
        assertThat(conf.search()).containsExactly("example.org.", "lan.");
        assertThat(conf.ndots()).isEqualTo(2);
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(conf.attempts()).isEqualTo(4);
    }

    @Test
    void hasBoundsAndDefaults() {
        ResolvConf conf = parse("");
        assertThat(conf.servers())
                .hasSize(1)
                .allMatch(server -> server.getAddress().isLoopbackAddress());
        assertThat(conf.search()).isEmpty();
        assertThat(conf.ndots()).isEqualTo(1);
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(conf.attempts()).isEqualTo(2);
        ResolvConf bounded = parse("options ndots:99 timeout:0 attempts:9 timeout:x\nsearch .\n");
        assertThat(bounded.ndots()).isEqualTo(15);
        assertThat(bounded.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(bounded.attempts()).isEqualTo(5);
        assertThat(bounded.search()).isEmpty();
    }

    @Test
    void theEnvironmentHasTheLastWord() {
        ResolvConf conf = ResolvConf.parse(
                "search example.org\noptions timeout:3 attempts:1",
                Map.of("LOCALDOMAIN", "a.example b.example", "RES_OPTIONS", "timeout:1 ndots:3"),
                53);
        assertThat(conf.search()).containsExactly("a.example.", "b.example.");
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(conf.attempts()).isEqualTo(1);
        assertThat(conf.ndots()).isEqualTo(3);
    }

    @Test
    void aFileThatIsNotThereNamesNobody() {
        assertThat(ResolvConf.read(Path.of("/nonexistent/resolv.conf"), Map.of(), 53)
                        .servers())
                .isEmpty();
    }

    @Test
    void namesAreCompletedAsTheSystemDoes() {
        ResolvConf conf = parse("search example.org lan");
        assertThat(conf.candidates("web")).containsExactly("web.example.org.", "web.lan.", "web.");
        assertThat(conf.candidates("web.dmz")).containsExactly("web.dmz.", "web.dmz.example.org.", "web.dmz.lan.");
        assertThat(conf.candidates("web.")).containsExactly("web.");
        assertThat(parse("search a\noptions ndots:0").candidates("web")).containsExactly("web.", "web.a.");
        assertThat(parse("").candidates("web")).containsExactly("web.");
        String longest = "a".repeat(59).concat(".").repeat(4).concat("example.org");
        assertThat(conf.candidates(longest)).containsExactly(longest.concat("."));
    }
}
