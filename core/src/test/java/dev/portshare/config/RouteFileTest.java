package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.admin.AdminOptions;
import dev.portshare.detect.Detection;
import dev.portshare.listen.Gate;
import dev.portshare.listen.ListenAddress;
import dev.portshare.listen.TrustedProxies;
import dev.portshare.route.Cidr;
import dev.portshare.route.Condition;
import dev.portshare.route.Facts;
import dev.portshare.route.HostPort;
import dev.portshare.route.ProxyProtocol;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.session.Timeouts;
import dev.portshare.telemetry.AddressMask;
import dev.portshare.telemetry.LogFile;
import dev.portshare.telemetry.LogOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteFileTest {
    static final Path ROUTES = Path.of("src/test/resources/routes");

    @Test
    void readsEveryKey() throws ConfigurationException {
        Configuration configuration = RouteFile.read(ROUTES.resolve("complete.yaml"));
        assertThat(configuration.listen())
                .extracting(ListenAddress::toString)
                .containsExactly(":443", "[::1]:8443", "unix:@portshare");
        assertThat(configuration.access()).containsOnlyKeys("[::1]:8443").allSatisfy((_, access) -> {
            TrustedProxies proxies = access.proxies();
            assertThat(proxies).isNotNull();
            assertThat(proxies.blocks().blocks())
                    .extracting(Cidr::toString)
                    .containsExactly("10.0.0.0/8", "198.51.100.0/24", "203.0.113.9/32", "2001:db8::/32");
            assertThat(proxies.unix()).isTrue();
        });
        assertThat(configuration.routes())
                .extracting(route -> route.name() + " " + route.when() + " " + route.to())
                .containsExactly(
                        "vpn {protocol: openvpn, gate: ...} 127.0.0.1:1194",
                        "git {protocol: tls, sni: [git.example.org, *.git.example.org], alpn: [h2, http/1.1]}"
                                + " 10.0.0.5:443",
                        "office {protocol: [openvpn, silent, my-vpn], from: [192.0.2.0/24, 198.51.100.0/24,"
                                + " 203.0.113.9/32, 2001:db8::/32], listener: [:443, unix:@portshare], gate: ..., not:"
                                + " {from: [192.0.2.7/32]}} [::1]:22",
                        "routes[3] {protocol: tls, sni: /www[0-9]+\\.example\\.org/} unix:/run/www.sock",
                        "routes[4] {listener: [::1]:8443} reject",
                        "web {} web.example.org:8443");
        assertThat(configuration.routes())
                .extracting(Route::proxyProtocol)
                .containsExactly(null, ProxyProtocol.V2_CRC32C, null, null, null, null);
        assertThat(configuration.gates())
                .containsExactly(
                        new Gate("knock-5f2c9a.example.org", List.of("vpn"), Duration.ofMinutes(10)),
                        new Gate("knock-77e1b3.example.org", List.of("vpn", "office"), Duration.ofHours(1)));
        assertThat(configuration.routes().getFirst().when().gates())
                .containsExactly("knock-5f2c9a.example.org", "knock-77e1b3.example.org");
        assertThat(configuration.admin())
                .isEqualTo(new AdminOptions(
                        AdminOptions.DEFAULT_SOCKET, AdminOptions.mode("0600"), new HostPort("::1", 9443)));
        assertThat(configuration.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(200),
                        Duration.ofMinutes(2),
                        Duration.ofHours(1),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(90),
                        Duration.ZERO));
        assertThat(configuration.log())
                .isEqualTo(new LogOptions(
                        LogOptions.Format.JSON,
                        new LogFile(Path.of("/var/log/portshare/portshare.log"), new LogFile.Rotation(64 * 1024, 999)),
                        LogOptions.Connections.REFUSED,
                        100,
                        new AddressMask(24, 48)));
    }

    @Test
    void aLogFileIsRotatedOnlyWhereThatIsSaid() throws ConfigurationException {
        assertThat(logFile("file: ./p.log")).isEqualTo(new LogFile(ROUTES.resolve("p.log"), null));
        assertThat(logFile("file: /p.log, rotate: {}"))
                .isEqualTo(new LogFile(Path.of("/p.log"), new LogFile.Rotation(100 << 20, 7)));
        assertThat(logFile("file: /p.log, rotate: {size: 2GiB}"))
                .isEqualTo(new LogFile(Path.of("/p.log"), new LogFile.Rotation(2L << 30, 7)));
    }

    private static LogFile logFile(String log) throws ConfigurationException {
        return parse("{listen: 443, routes: [{to: reject}], log: {" + log + "}}")
                .log()
                .file();
    }

    @Test
    void theSmallestFileHasOneAddressAndOneRoute() throws ConfigurationException {
        Configuration configuration = parse("{\"listen\": 443, \"routes\": [{\"to\": \"127.0.0.1:8443\"}]}");
        assertThat(configuration.timeouts()).isEqualTo(Timeouts.DEFAULTS);
        assertThat(configuration.log()).isEqualTo(LogOptions.DEFAULTS);
        assertThat(configuration.routes()).extracting(Route::name).containsExactly("routes[0]");
        assertThat(configuration.routes().getFirst().when()).isEqualTo(Condition.ANY);
    }

    @Test
    void wordsAreTakenAsTheyAreWritten() throws ConfigurationException {
        Configuration configuration = parse("""
            listen: 0443
            routes:
              - {name: 1e3, when: {sni: [null, no, 0o17, true], listener: 443}, to: "127.0.0.1:1194"}
            """);
        assertThat(configuration.routes())
                .extracting(route -> route.name() + " " + route.when())
                .containsExactly("1e3 {protocol: tls, sni: [null, no, 0o17, true], listener: :443}");
    }

    @Test
    void anAnchorSharesAValue() throws ConfigurationException {
        Configuration configuration = parse("""
            listen: 443
            routes:
              - {when: {from: &lan [10.0.0.0/8, 192.168.0.0/16]}, to: "127.0.0.1:22"}
              - {when: {protocol: tls, from: *lan}, to: "127.0.0.1:443"}
            """);
        assertThat(configuration.routes().getLast().when())
                .hasToString("{protocol: tls, from: [10.0.0.0/8, 192.168.0.0/16]}");
    }

    @Test
    void aFileOfNoAddressesContainsNobody() throws ConfigurationException {
        Configuration configuration = RouteFile.parse(
                "r.yaml", "{listen: 443, routes: [{when: {from: /dev/null}, to: reject}]}", Path.of(""));
        Facts anybody = new Facts(Detection.Match.tls(null, List.of(), false), null, ":443");
        assertThat(new RouteTable(configuration.routes()).decide(anybody)).isNull();
    }

    @Test
    void tenThousandNamesAreReadAndFound() throws ConfigurationException {
        String names = IntStream.range(0, 10_000)
                .mapToObj(i -> "host" + i + ".example.org")
                .collect(Collectors.joining(", "));
        Configuration configuration =
                parse("listen: 443\nroutes:\n- {name: all, when: {sni: [" + names + "]}, to: reject}");
        Facts facts = new Facts(Detection.Match.tls("HOST9999.example.org.", List.of(), false), null, ":443");
        Route route = new RouteTable(configuration.routes()).decide(facts);
        assertThat(Objects.requireNonNull(route).name()).isEqualTo("all");
    }

    private static Configuration parse(String yaml) throws ConfigurationException {
        return RouteFile.parse("r.yaml", yaml, ROUTES);
    }
}
