package dev.portshare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portshare.cli.imports.ImportException;
import dev.portshare.cli.imports.Peer;
import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Facts;
import dev.portshare.route.HostPort;
import dev.portshare.route.Journal;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other programs route, the imported file routes alike, and it tells of everything else. */
class ImportTest {
    private static final Path EXAMPLES = Path.of("src/test/resources/imports");
    private static final Path CORPUS = Path.of("../core/src/test/resources/corpus");

    @ParameterizedTest
    @CsvSource({
        "sslh.cfg, sslh",
        "sslh.default, sslh",
        "sniproxy.conf, sniproxy",
        "openvpn.conf, openvpn",
        "xinetd.conf, xinetd"
    })
    void isToldByWhatStandsInIt(String file, Peer peer) throws Exception {
        assertThat(Peer.of(read(file))).isEqualTo(peer);
    }

    @ParameterizedTest
    @CsvSource({
        "sslh.cfg, '0.0.0.0:443 [::1]:443'",
        "sslh.default, '0.0.0.0:443 [::]:443'",
        "sniproxy.conf, :80 :443 192.0.2.1:8443",
        "openvpn.conf, :443",
        "xinetd.conf, :443 127.0.0.1:2525"
    })
    void listensWhereTheOtherDid(String file, String listen) throws Exception {
        assertThat(imported(file).listen()).extracting(ListenAddress::toString).containsExactly(listen.split(" "));
    }

    /** What a recorded first flight gets: a backend, or nothing. */
    @ParameterizedTest
    @CsvSource({
        "sslh.cfg, openvpn-tlscrypt-1.bin, 127.0.0.1:1194",
        "sslh.cfg, tls-chromium-1.bin, 10.1.0.9:8443", // www.dev.test, by ALPN
        "sslh.cfg, tls-curl-noalpn.bin, 10.1.0.10:9",
        "sslh.cfg, ssh-openssh.bin, localhost:22",
        "sslh.cfg, http-wget.bin, localhost:80",
        "sslh.cfg, silent-nc.bin, 10.1.0.10:9",
        "sslh.default, openvpn-plain-retransmit.bin, localhost:1194",
        "sslh.default, tls-firefox-1.bin, localhost:8443",
        "sslh.default, ssh-openssh.bin, localhost:22",
        "sniproxy.conf, tls-chromium-1.bin, [2001:db8::5]:443",
        "sniproxy.conf, tls-noext.bin, 192.0.2.9:8443",
        "sniproxy.conf, ssh-openssh.bin, 192.0.2.9:8443",
        "sniproxy.conf, http-wget.bin, 192.0.2.9:8443",
        "openvpn.conf, openvpn-tlsauth-sha1-kd1.bin, 127.0.0.1:1194",
        "openvpn.conf, tls-curl-tls12.bin, 127.0.0.1:8443",
        "openvpn.conf, http-wget.bin, 127.0.0.1:8443",
        "openvpn.conf, near-server-reset.bin, 127.0.0.1:8443"
    })
    void aRecordedClientGoesWhereItWent(String file, String head, String backend) throws Exception {
        Verdict verdict = Verdict.of(Files.readAllBytes(CORPUS.resolve(head)), Detectors.BUILTIN);
        assertThat(backend(file, verdict.match(), null, listener(file))).isEqualTo(backend);
    }

    @ParameterizedTest
    @CsvSource({
        "sslh.cfg, chat.example.org, xmpp-client, 10.1.0.7:5223",
        "sslh.cfg, chat.example.org, h2, 10.1.0.8:8443", // both must match in sslh
        "sslh.cfg, a.b.example.org, , 10.1.0.8:8443", // its star stands for dots
        "sslh.cfg, x.y.invalid, , 10.1.0.8:8443",
        "sslh.cfg, y.invalid, http/1.1, 10.1.0.9:8443",
        "sslh.cfg, example.org, , 10.1.0.10:9",
        "sniproxy.conf, git.example.org, , 192.0.2.20:3000",
        "sniproxy.conf, a.git.example.org, , 192.0.2.22:443",
        "sniproxy.conf, example.org.example.net, , 192.0.2.22:443", // it matches anywhere
        "sniproxy.conf, a.b.cdn.example.net, , reject",
        "sniproxy.conf, cdn.example.net, , '[2001:db8::5]:443'",
        "sniproxy.conf, example.com, , 192.0.2.21:443",
        "sniproxy.conf, a.example.com, , 192.0.2.21:443",
        "sniproxy.conf, v12.example.net, , unix:/run/versions.sock",
        "sniproxy.conf, v12.example.net.x, , '[2001:db8::5]:443'"
    })
    void aServerNameGoesWhereItWent(String file, String name, @Nullable String alpn, String backend) throws Exception {
        assertThat(backend(
                        file,
                        Detection.Match.tls(name, alpn == null ? List.of() : List.of(alpn), false),
                        null,
                        listener(file)))
                .isEqualTo(backend);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org, :80, 192.0.2.22:80", // it matches anywhere
        "other.test, :80, ",
        "example.org, :443, 192.0.2.9:8443"
    })
    void aHostGoesWhereItWent(String host, String listener, @Nullable String backend) throws Exception {
        assertThat(backend("sniproxy.conf", Detection.Match.http(host), null, listener))
                .isEqualTo(backend);
    }

    @ParameterizedTest
    @CsvSource({
        "sslh.cfg, silent, , , localhost:22",
        "sslh.default, silent, , , localhost:22",
        "sniproxy.conf, unrecognised, , 192.0.2.1:8443, ",
        "xinetd.conf, unrecognised, 192.0.2.7, :443, 10.0.0.5:8443",
        "xinetd.conf, tls, 10.0.0.2, :443, 10.0.0.5:8443",
        "xinetd.conf, tls, 10.0.0.3, :443, ",
        "xinetd.conf, tls, 192.0.2.66, :443, ", // no_access of defaults
        "xinetd.conf, silent, 198.51.100.7, :443, 10.0.0.5:8443",
        "xinetd.conf, silent, 127.0.0.1, 127.0.0.1:2525, mail.example.org:25"
    })
    void othersGoWhereTheyWent(
            String file, String protocol, @Nullable String from, @Nullable String listener, @Nullable String backend)
            throws Exception {
        assertThat(backend(file, Detection.Match.of(protocol), from, listener)).isEqualTo(backend);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                arguments(
                        "sslh.cfg",
                        List.of(
                                "verbose 2",
                                "foreground",
                                "numeric",
                                "user sslh",
                                "pidfile",
                                "UDP",
                                "service sshd",
                                "fork",
                                "tfo_ok",
                                "log_level",
                                "regex_patterns",
                                "tinc: is never asked")),
                arguments("sslh.default", List.of("--user sslh", "--pidfile")),
                arguments(
                        "sniproxy.conf",
                        List.of(
                                "user daemon",
                                "pidfile",
                                "error_log",
                                "resolver",
                                "access_log",
                                "reuseport yes",
                                "proxy_protocol")),
                arguments("openvpn.conf", List.of("/run/openvpn/origins", "dev, ca, server, keepalive, tls-crypt")),
                arguments(
                        "xinetd.conf",
                        List.of(
                                "includedir /etc/xinetd.d",
                                "instances = 60",
                                "log_type",
                                "old: is disabled",
                                "ftp",
                                "user = nobody",
                                "cps = 50 10",
                                "type = UNLISTED",
                                ".example.org")));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void whatHasNoEqualIsNamed(String file, List<String> settings) throws Exception {
        String comments = yaml(file)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("#"))
                .map(line -> line.substring(1).strip())
                .reduce("", (all, line) -> all + " " + line);
        assertThat(comments).contains(settings);
    }

    @Test
    void theOtherServerIsToldOfClientsAsByPortShare() throws Exception {
        assertThat(imported("openvpn.conf").routes())
                .filteredOn(route -> route.journal() != null)
                .singleElement()
                .satisfies(route -> {
                    assertThat(route.name()).isEqualTo("rest");
                    assertThat(route.journal())
                            .isEqualTo(new Journal(Path.of("/run/openvpn/origins"), Journal.Format.OPENVPN));
                });
    }

    @Test
    void connectionsComeFromWhereTheyCame() throws Exception {
        assertThat(imported("sniproxy.conf").routes())
                .filteredOn(route -> route.source() != null)
                .singleElement()
                .satisfies(route -> assertThat(route.source()).hasToString("192.0.2.1"));
        String listener = "table { ^a$ 192.0.2.9 \n ^b$ [::1]:1 } listener 443 { source %s }";
        assertThat(Peer.sniproxy.routeFile("test", listener.formatted("client"), null))
                .contains("source: transparent");
        assertThat(Peer.sniproxy.routeFile("test", listener.formatted("[2001:db8::1]"), null))
                .containsOnlyOnce("source: \"2001:db8::1\"")
                .contains("of the other family");
    }

    @Test
    void theClockOfSilenceIsTheirs() throws Exception {
        assertThat(imported("sslh.cfg").timeouts().silent()).hasSeconds(4);
        assertThat(imported("sslh.default").timeouts().silent()).hasSeconds(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sslh | protocols: ( { name: \"tls\"; host: \"h\"; port: \"443\" ) | 1:52: expected a setting",
                "sslh | listen: ( | 1:9: a bracket that is never closed",
                "sslh | timeout: \"soon\"; | 1:10: expected a number of seconds",
                "sslh | listen: ( { host: \"h\"; port: \"nosuch\"; } ); | 1:30: no number is known for port \"nosuch\"",
                "sslh | listen: ( { host: \"a b\"; port: \"1\"; } ); | 1:19: a blank in",
                "sslh | protocols: ( { host: \"h\"; port: \"1\"; } ); | 1:14: no \"name\"",
                "sslh | /* | 1:1: a comment that is never closed",
                "sslh | verbose: \"x | 1:10: a string that is never closed",
                "sslh | } | 1:1: a \"}\" that closes nothing",
                "sslh | verbose: 1; | 0:0: no protocol in it",
                "sslh | DAEMON_OPTS=\"--ssh\" | 1:14: --ssh has no value",
                "sslh | DAEMON_OPTS=\"--ssh h\" | 1:20: no port in \"h\"",
                "sslh | DAEMON_OPTS=\"-F/etc/sslh.cfg\" | 1:14: the configuration is in /etc/sslh.cfg",
                "sniproxy | listen 443 { | 1:12: a brace that is never closed",
                "sniproxy | listen 443 { table x } | 1:20: no table \"x\"",
                "sniproxy | table { (?=a)b 192.0.2.1 } listen 443 { } | 1:9: \"/.*(?:(?=a)b).*/\" is no regular"
                        + " expression",
                "sniproxy | table { a 192.0.2.1 } listen 443:443 { } | 1:30: \"443\" is no IPv4 address",
                "openvpn | dev tun | 0:0: no \"port-share\"",
                "openvpn | port-share 127.0.0.1 | 1:1: \"port-share\" has a host and a port",
                "openvpn | port-share '127.0.0.1 443 | 1:12: the quotation has no end",
                "openvpn | port-share 127.0.0.1 443 | 1:1: port-share works over TCP alone",
                "xinetd | redirect = h 1 | 1:1: expected \"service NAME\"",
                "xinetd | service x | 1:1: a brace that is never closed",
            })
    void whatIsWrongIsToldWithItsPlace(Peer peer, String text, String problem) {
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> peer.routeFile("x", text, null))
                .satisfies(e -> assertThat(e.line() + ":" + e.column() + ": " + e.getMessage())
                        .startsWith(problem));
    }

    @Test
    void whatIsNobodysSaysHowToTell() {
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> Peer.of("listen: 443\n"))
                .withMessageContaining("--from sslh, sniproxy, openvpn or xinetd");
    }

    /** Half a file is refused, or makes a route file that is right: nothing else comes of it. */
    @ParameterizedTest
    @ValueSource(strings = {"sslh.cfg", "sslh.default", "sniproxy.conf", "openvpn.conf", "xinetd.conf"})
    void everyPrefixIsRefusedOrMakesARightFile(String file) throws Exception {
        String whole = read(file);
        Peer peer = Peer.of(whole);
        for (int length = 0; length < whole.length(); length++) {
            rightOrRefused(peer, whole.substring(0, length));
            // And with one character that means something put in its place.
            for (char c : new char[] {'"', '}', '\n', '\\', '\'', '#', ':', '\u0007'}) {
                if (length % 7 == c % 7) {
                    rightOrRefused(peer, whole.substring(0, length) + c + whole.substring(length + 1));
                }
            }
        }
    }

    private static void rightOrRefused(Peer peer, String text) throws ConfigurationException {
        String yaml;
        try {
            yaml = peer.routeFile("a\nfile", text, null);
        } catch (ImportException _) {
            return;
        }
        RouteFile.parse(yaml, yaml, Path.of(""));
    }

    private static String read(String file) throws IOException {
        return Files.readString(EXAMPLES.resolve(file));
    }

    private static String yaml(String file) throws IOException, ImportException {
        String text = read(file);
        return Peer.of(text).routeFile(file, text, null);
    }

    private static Configuration imported(String file) throws Exception {
        return RouteFile.parse("imported", yaml(file), Path.of(""));
    }

    /** Where the heads above come in; null: at the first. */
    private static @Nullable String listener(String file) {
        return file.equals("sniproxy.conf") ? ":443" : null;
    }

    private static @Nullable String backend(
            String file, Detection.Match head, @Nullable String from, @Nullable String listener) throws Exception {
        Configuration configuration = imported(file);
        String where = listener == null ? configuration.listen().getFirst().toString() : listener;
        Endpoint client = from == null ? null : Endpoint.of(HostPort.literal(from), 0);
        Route route = new RouteTable(configuration.routes()).decide(new Facts(head, client, where));
        return route == null ? null : route.to().toString();
    }
}
