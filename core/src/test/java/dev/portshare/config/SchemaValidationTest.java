package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the reader obeys, the schema for editors accepts; and what is wrong in itself, both refuse. */
class SchemaValidationTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path ROUTE_FILE = REPOSITORY.resolve("distribution/src/image/etc/portshare/portshare.yaml");

    /** A block of YAML in a page. */
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^( *)```yaml\\n(.*?)^ *```$");
    /** An example in the comments of the route file that is installed. */
    private static final Pattern COMMENTED = Pattern.compile("(?m)^# (- name: |  [a-z-]+: |timeouts:|log:)");

    private static Schema schema;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = RouteFile.schema()) {
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new JsonMapper().readTree(in));
        }
    }

    /** A block that has no routes shows some keys alone. Blocks of other YAML than route files are marked {@code yml}. */
    static Stream<Arguments> examples() throws IOException {
        List<Arguments> examples = new ArrayList<>();
        List<Path> pages = new ArrayList<>(List.of(REPOSITORY.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        for (Path page : pages) {
            for (MatchResult example :
                    EXAMPLE.matcher(Files.readString(page)).results().toList()) {
                String yaml = example.group(2).indent(-example.group(1).length());
                boolean isWhole = yaml.lines().anyMatch(line -> line.startsWith("routes:"));
                examples.add(arguments(page, isWhole ? yaml : "listen: 443\nroutes: [{to: reject}]\n" + yaml));
            }
        }
        String installed = Files.readString(ROUTE_FILE);
        examples.add(arguments(ROUTE_FILE, installed));
        examples.add(arguments(
                ROUTE_FILE,
                COMMENTED
                        .matcher(installed)
                        .replaceAll(found -> found.group(1).startsWith("timeouts")
                                        || installed.indexOf("# timeouts:") >= 0
                                                && found.start() > installed.indexOf("# timeouts:")
                                ? found.group(1)
                                : "  " + found.group(1))));
        return examples.stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsRightForBoth(Path page, String yaml) throws ConfigurationException {
        assertThat(errors(yaml)).as("%s", page).isEmpty();
        RouteFile.parse(page.toString(), yaml, RouteFileTest.ROUTES);
    }

    @Test
    void theExamplesAreFound() throws IOException {
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void aFileWithEveryKeyIsRightForBoth() throws Exception {
        Path complete = RouteFileTest.ROUTES.resolve("complete.yaml");
        RouteFile.read(complete);
        assertThat(errors(Files.readString(complete))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "443",
                "0",
                "':443'",
                "'0443'",
                "127.0.0.1:443",
                "'[::1]:443'",
                "'[::]:0'",
                "'[fe80::1%lo]:443'",
                "name:443",
                "a_b.example.org.:443",
                "unix:/run/x",
                "'unix:@x'",
                "systemd:https",
                "[443, 80, 'unix:/x']",
                "{address: 443}",
                "{address: ':443', proxy-protocol: {from: 10.0.0.0/8}}",
                "[443, {address: '[::1]:443', proxy-protocol: {from: ['::1', ./office.txt, unix]}}]",
                "[{address: 'unix:/x', proxy-protocol: {from: unix}}, {address: systemd:https}]"
            })
    void everyNotationOfAListeningAddressIsRightForBoth(String listen) throws ConfigurationException {
        bothAccept("listen: " + listen + "\nroutes: [{to: reject}]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reject",
                "127.0.0.1:1",
                "'[::1]:65535'",
                "'[::ffff:192.0.2.1]:1'",
                "a-b.example.org:443",
                "unix:/run/a.sock",
                "'unix:@a'"
            })
    void everyNotationOfABackendIsRightForBoth(String to) throws ConfigurationException {
        bothAccept("listen: 443\nroutes: [{to: " + to + "}]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol: openvpn",
                "protocol: [tls, silent]",
                "sni: a",
                "sni: a.example.org.",
                "sni: '*.example.org'",
                "sni: bücher.example",
                "sni: [a, '/a(b|c)\\.example\\.org/', '/[^/]+/']",
                "alpn: h2",
                "alpn: [http/1.1, acme-tls/1]",
                "ech: true",
                "ech: false, sni: a",
                "protocol: [rdp, postgres, mqtt, adb, tinc, smb, stun, minecraft, winbox, dns, wireguard]",
                "protocol: [http2, ssh, socks4, socks5, xmpp, git, redis, syslog]",
                "host: a.example.org, protocol: http",
                "host: ['*.example.org', '/a+/']",
                "rdp-cookie: anna",
                "rdp-cookie: [anna b, 'Ümit', 1]",
                "from: 10.0.0.0/8",
                "from: 192.0.2.1",
                "from: ['::/0', '2001:db8::/32', '::ffff:192.0.2.0/120', /dev/null]",
                "from: ./office.txt",
                "listener: 443",
                "listener: [':443']",
                "not: {sni: a, not: {alpn: h2}}",
                "sni: a, protocol: tls",
                "alpn: h2, protocol: [tls]"
            })
    void everyNotationInAConditionIsRightForBoth(String when) throws ConfigurationException {
        bothAccept(ProblemsTest.when(when));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "routes: [{to: reject}]",
                "listen: 443",
                "listen: []\nroutes: [{to: reject}]",
                "listen: 443\nroutes: []",
                "listen: 443\nroutes: {to: reject}",
                "listen: 443\nroutes: [reject]",
                "listen: 65536\nroutes: [{to: reject}]",
                "listen: -1\nroutes: [{to: reject}]",
                "listen: [443, 443]\nroutes: [{to: reject}]",
                "listen: true\nroutes: [{to: reject}]",
                "listen: '*:443'\nroutes: [{to: reject}]",
                "listen: '::1:443'\nroutes: [{to: reject}]",
                "listen: 127.0.0.1\nroutes: [{to: reject}]",
                "listen: {port: 443}\nroutes: [{to: reject}]",
                "listen: {proxy-protocol: {from: 10.0.0.0/8}}\nroutes: [{to: reject}]",
                "listen: {address: [443]}\nroutes: [{to: reject}]",
                "listen: [{address: 443, proxy-protocol: {}}]\nroutes: [{to: reject}]",
                "listen: [{address: 443, proxy-protocol: true}]\nroutes: [{to: reject}]",
                "listen: [{address: 443, proxy-protocol: v2}]\nroutes: [{to: reject}]",
                "listen: [{address: 443, proxy-protocol: {from: []}}]\nroutes: [{to: reject}]",
                "listen: [{address: 443, proxy-protocol: {from: example.org}}]\nroutes: [{to: reject}]",
                "listen: [{address: 443, proxy-protocol: {from: 'unix:'}}]\nroutes: [{to: reject}]",
                "listen: [{address: 443, proxy-protocol: {from: 10.0.0.1, to: 10.0.0.1}}]\nroutes: [{to: reject}]",
                "listen: 443\nroute: [{to: reject}]\nroutes: [{to: reject}]",
                "listen: 443\nroutes: [{name: a}]",
                "listen: 443\nroutes: [{to: reject, name: a b}]",
                "listen: 443\nroutes: [{to: reject, nam: a}]",
                "listen: 443\nroutes: [{to: 8443}]",
                "listen: 443\nroutes: [{to: ':8443'}]",
                "listen: 443\nroutes: [{to: 127.0.0.1}]",
                "listen: 443\nroutes: [{to: 'http://127.0.0.1:80'}]",
                "listen: 443\nroutes: [{to: unix:run/x}]",
                "listen: 443\nroutes: [{to: null}]",
                "listen: 443\nroutes: [{to: 'unix:@a b'}]",
                "listen: 443\nroutes: [{to: {}}]",
                "listen: 443\nroutes: [{to: 'a:1', proxy-protocol: 2}]",
                "listen: 443\nroutes: [{to: 'a:1', proxy-protocol: V2}]",
                "listen: 443\nroutes: [{to: 'a:1', proxy-protocol: [v1]}]",
                "listen: 443\nroutes: [{to: 'a:1', proxy-protocol: null}]",
                "listen: 443\nroutes: [{to: 'a:1', source: opaque}]",
                "listen: 443\nroutes: [{to: 'a:1', source: example.org}]",
                "listen: 443\nroutes: [{to: 'a:1', source: [10.0.0.1]}]",
                "listen: 443\nroutes: [{to: 'a:1', source: null}]",
                "listen: 443\nroutes: [{to: 'a:1', journal: journal}]",
                "listen: 443\nroutes: [{to: 'a:1', journal: /j, journal-format: json}]",
                "listen: 443\nroutes: [{to: 'a:1', journal-format: plain}]",
                "listen: 443\nroutes: [{name: b, to: 'a:1'}]\ngate: [{sni: a, opens: b}]",
                "listen: 443\nroutes: [{name: b, to: 'a:1'}]\ngate: {sni: '*.a', opens: b, for: 1m}",
                "listen: 443\nroutes: [{name: b, to: 'a:1'}]\ngate: {sni: [a], opens: b, for: 1m}",
                "listen: 443\nroutes: [{name: b, to: 'a:1'}]\ngate: {sni: /a/, opens: b, for: 1m}",
                "listen: 443\nroutes: [{name: b, to: 'a:1'}]\ngate: {sni: a, opens: [], for: 1m}",
                "listen: 443\nroutes: [{name: b, to: 'a:1'}]\ngate: {sni: a, opens: b, for: 0s}",
                "listen: 443\nroutes: [{name: b, to: 'a:1'}]\ngate: []",
                "listen: 443\nroutes: [{to: 'a:1'}]\nmapped: 127.64.0.0/10",
                "listen: 443\nroutes: [{to: 'a:1'}]\nmapped: {pool: '::1/64'}",
                "listen: 443\nroutes: [{to: 'a:1'}]\nmapped: {pool: 127.64.0.1}",
                "listen: 443\nroutes: [{to: 'a:1'}]\nmapped: {remember: 2}",
                "listen: 443\nroutes: [{to: 'a:1'}]\nmapped: {map: [1]}",
                "listen: 443\nroutes: [{to: 'a:1'}]\nmapped: {map: {192.0.2.7: '::1'}}"
            })
    void whatIsWrongInAFileBothRefuse(String yaml) {
        bothRefuse(yaml);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol: opnvpn",
                "protocol: TLS",
                "protocol: unrecognised",
                "protocol: []",
                "protocol: {}",
                "sni: ''",
                "sni: a b",
                "sni: '*a.org'",
                "sni: a.*.org",
                "sni: '//'",
                "sni: /a",
                "sni: []",
                "sni: {}",
                "alpn: é",
                "alpn: 'a b'",
                "ech: yes",
                "ech: [true]",
                "ech: true, protocol: openvpn",
                "host: a b",
                "host: []",
                "host: a, sni: a",
                "host: a, alpn: h2",
                "host: a, protocol: tls",
                "rdp-cookie: mstshash=anna",
                "rdp-cookie: \"a\\tb\"",
                "rdp-cookie: '€'",
                "rdp-cookie: a, ech: true",
                "rdp-cookie: a, host: b",
                "rdp-cookie: a, protocol: silent",
                "from: 10.0.0",
                "from: 10.0.0.0/100",
                "from: example.org",
                "from: a.txt",
                "listener: x",
                "when: {}",
                "not: x",
                "not: {snl: x}",
                "not: []",
                "sni: a, protocol: openvpn",
                "alpn: h2, protocol: [tls, silent]"
            })
    void whatIsWrongInAConditionBothRefuse(String when) {
        bothRefuse(ProblemsTest.when(when));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idle: 5",
                "idle: '5'",
                "idle: 1d",
                "idle: 1.5s",
                "idle: -1s",
                "idle: 1h30m",
                "idle: []",
                "head: 0s",
                "connect: 000ms",
                "heat: 5s"
            })
    void whatIsWrongInATimeoutBothRefuse(String timeout) {
        bothRefuse("listen: 443\nroutes: [{to: reject}]\ntimeouts: {" + timeout + "}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socket: /run/x.sock",
                "{socket: /x, mode: 640}",
                "{socket: /x, mode: '0640', http: localhost:1}",
                "{http: '0.0.0.0:0', allow-remote: true}"
            })
    void everyAdminInterfaceIsRightForBoth(String admin) throws ConfigurationException {
        bothAccept(admin(admin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{mode: '0660'}",
                "{allow-remote: true}",
                "socket: x",
                "socket: '@x'",
                "{socket: /x, mode: rw}",
                "{socket: /x, mode: '0680'}",
                "http: 9443",
                "http: ':9443'",
                "{http: '127.0.0.1:1', allow-remote: 1}",
                "{sockets: /x}"
            })
    void whatIsWrongInAnAdminInterfaceBothRefuse(String admin) {
        bothRefuse(admin(admin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: a, hex: ff fb, mask: ff fe}",
                "{name: a, hex: '16'}",
                "{name: a.b_c-9, prefix: 'HELLO '}",
                "{name: a, regex: '^HELLO [0-9]+'}",
                "{name: a, openvpn-xor: obfuscate KEY}",
                "{name: a, openvpn-xor: reverse}"
            })
    void everyDetectorIsRightForBoth(String detector) throws ConfigurationException {
        bothAccept(detectors(detector, "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: a}",
                "{prefix: a}",
                "{name: a, prefix: b, regex: c}",
                "{name: a, prefix: b, mask: ff}",
                "{name: a, prefix: ''}",
                "{name: a, prefix: é}",
                "{name: a, regex: é}",
                "{name: a, hex: f}",
                "{name: a, hex: xx}",
                "{name: a, openvpn-xor: obfuscate}",
                "{name: a, openvpn-xor: reverse x}",
                "{name: a, openvpn-xor: KEY}",
                "{name: A, prefix: b}",
                "{name: tls, prefix: b}",
                "{name: silent, prefix: b}",
                "{name: unrecognised, prefix: b}",
                "{name: a, prefix: b, from: x}",
                "a"
            })
    void whatIsWrongInADetectorBothRefuse(String detector) {
        bothRefuse(detectors(detector, "tls"));
    }

    @Test
    void namesOfDetectorsAreKnownOnlyWhereThereAreSome() {
        bothRefuse("listen: 443\nroutes: [{when: {protocol: a}, to: reject}]\n");
        bothRefuse("listen: 443\nroutes: [{when: {not: {protocol: [tls, a]}}, to: reject}]\n");
    }

    private static String detectors(String detector, String protocol) {
        String named = detector.contains("a.b_c-9") ? "a.b_c-9" : protocol;
        return "listen: 443\ndetectors: [" + detector + "]\nroutes: [{when: {protocol: [" + named
                + ", tls]}, to: reject}]\n";
    }

    private static String admin(String admin) {
        return "listen: 443\nroutes: [{to: reject}]\nadmin: " + (admin.startsWith("{") ? admin : "{" + admin + "}")
                + "\n";
    }

    private static void bothAccept(String yaml) throws ConfigurationException {
        RouteFile.parse("r.yaml", yaml, RouteFileTest.ROUTES);
        assertThat(errors(yaml)).as(yaml).isEmpty();
    }

    private static void bothRefuse(String yaml) {
        assertThatThrownBy(() -> RouteFile.parse("r.yaml", yaml, RouteFileTest.ROUTES))
                .as(yaml)
                .isInstanceOf(ConfigurationException.class);
        assertThat(errors(yaml)).as(yaml).isNotEmpty();
    }

    private static List<Error> errors(String yaml) {
        Object file = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JsonNode json = new JsonMapper().valueToTree(file == null ? Map.of() : file);
        return schema.validate(json);
    }
}
