package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Corpus;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A route that is chosen before the head is whole is the one that the whole head would have got, whatever it is. */
class ForegoneTest {
    private static final Classifier CLASSIFIER = new Classifier(Detectors.BUILTIN);
    private static final Endpoint CLIENT = Endpoint.ipv4(0xc0000207, 1);
    private static final String LISTENER = "443";

    private static final List<String> CONDITIONS = List.of(
            "{}",
            "{protocol: openvpn}",
            "{protocol: tls}",
            "{protocol: [tls, ssh, http]}",
            "{protocol: rdp}",
            "{sni: www.dev.test}",
            "{sni: '*.dev.test', alpn: h2}",
            "{ech: true}",
            "{host: www.dev.test}",
            "{rdp-cookie: eltons}",
            "{from: 192.0.2.0/24}",
            "{from: 198.51.100.0/24}",
            "{listener: 8443}",
            "{not: {protocol: tls}}",
            "{not: {sni: www.dev.test}}",
            "{protocol: ssh, from: 192.0.2.0/24}",
            "{not: {not: {protocol: openvpn}}}",
            "{not: {from: 192.0.2.0/24}}");

    /** The first is open to the client. */
    private static final List<String> GATES = List.of("open.dev.test", "shut.dev.test");

    private static final List<String> OPEN = List.of("open.dev.test");

    @Test
    void whateverFollowsGetsTheRouteThatWasForegone() throws Exception {
        Random random = new Random(1);
        List<byte[]> heads = heads();
        int foregone = 0;
        for (int i = 0; i < 200; i++) {
            RouteTable table = table(random);
            for (byte[] head : heads) {
                int length = 1 + random.nextInt(Math.min(head.length, 100));
                Outcome outcome = outcome(table, Arrays.copyOf(head, length));
                if (outcome != null) {
                    foregone++;
                    assertThat(decide(table, head)).isSameAs(outcome.route());
                    assertThat(decide(table, Arrays.copyOf(head, length))).isSameAs(outcome.route());
                    for (byte[] other : heads) {
                        byte[] mixed = Arrays.copyOf(head, Math.max(length, other.length));
                        if (other.length > length) {
                            System.arraycopy(other, length, mixed, length, other.length - length);
                        }
                        assertThat(decide(table, mixed)).isSameAs(outcome.route());
                    }
                }
            }
        }
        assertThat(foregone).isGreaterThan(500);
    }

    /** The backend is told of what a TLS client asks for, before all else: until that has come, or cannot come, nobody is led there. */
    @Test
    void aBackendThatIsToldOfTlsWaitsForAllOfAHello() throws Exception {
        byte[] hello = Corpus.bytes("tls-chromium-1.bin");
        for (String version : List.of("v2", "v2-crc32c")) {
            RouteTable table = parse("{name: vpn, when: {protocol: openvpn}, to: reject}, {name: web, to: 'a:1',"
                    + " proxy-protocol: " + version + "}");
            for (int length = 1; length < hello.length; length++) {
                assertThat(outcome(table, Arrays.copyOf(hello, length))).isNull();
            }
            assertThat(outcome(table, "SSH-".getBytes(StandardCharsets.US_ASCII)))
                    .isEqualTo(new Outcome(table.routes().getLast()));
        }
        RouteTable table = parse(
                "{name: vpn, when: {protocol: openvpn}, to: reject}, {name: web, to: 'a:1'," + " proxy-protocol: v1}");
        assertThat(outcome(table, Arrays.copyOf(hello, 3)))
                .isEqualTo(new Outcome(table.routes().getLast()));
    }

    @Test
    void theThirdByteOfAHelloIsEnoughWhereAllOfTlsLeadsToWhereAllElseDoes() throws Exception {
        byte[] hello = Corpus.bytes("tls-chromium-1.bin");
        RouteTable table = parse("{name: vpn, when: {protocol: openvpn}, to: reject}, {name: web, to: reject}");
        assertThat(outcome(table, Arrays.copyOf(hello, 3)))
                .isEqualTo(new Outcome(table.routes().getLast()));
        RouteTable bySni = parse("{name: a, when: {sni: a.example}, to: reject}, {name: web, to: reject}");
        assertThat(outcome(bySni, Arrays.copyOf(hello, hello.length - 1))).isNull();
        RouteTable onlyTls = parse("{name: a, when: {protocol: tls}, to: reject}");
        assertThat(outcome(onlyTls, Arrays.copyOf(hello, hello.length - 1))).isNull();
    }

    /** A hello may be a knock, which must be seen; what cannot become one goes where it may. */
    @Test
    void whereThereAreGatesTheNameOfAHelloIsWaitedFor() throws Exception {
        byte[] hello = Corpus.bytes("tls-chromium-1.bin");
        RouteTable plain = parse("{when: {protocol: ssh}, to: 'a:1'}, {to: 'a:2'}");
        RouteTable table = new RouteTable(List.of(
                plain.routes().getFirst().behind(List.of("shut.dev.test")),
                plain.routes().getLast()));
        for (int length = 1; length < hello.length; length++) {
            assertThat(outcome(table, Arrays.copyOf(hello, length))).isNull();
        }
        byte[] ssh = "SSH-".getBytes(StandardCharsets.US_ASCII);
        assertThat(outcome(table, ssh)).isEqualTo(new Outcome(plain.routes().getLast()));
        assertThat(outcome(plain, ssh)).isNull();
    }

    @Test
    void noRouteMayBeForegoneToo() throws Exception {
        byte[] hello = Corpus.bytes("tls-chromium-1.bin");
        RouteTable table = parse("{when: {protocol: ssh}, to: reject}");
        assertThat(outcome(table, Arrays.copyOf(hello, 5))).isEqualTo(new Outcome(null));
    }

    private static List<byte[]> heads() throws IOException {
        List<byte[]> heads = new ArrayList<>();
        for (String file : List.of(
                "tls-chromium-1.bin",
                "openvpn-plain-1.bin",
                "ssh-openssh.bin",
                "http-curl-get.bin",
                "rdp-cookie.bin")) {
            heads.add(Corpus.bytes(file));
        }
        return heads;
    }

    private static @Nullable Outcome outcome(RouteTable table, byte[] head) {
        return CLASSIFIER.classify(ByteBuffer.wrap(head)) == Detection.NEED_MORE
                ? table.foregone(CLASSIFIER.possibilities(ByteBuffer.wrap(head)), CLIENT, LISTENER, OPEN)
                : null;
    }

    /** If nothing more comes. */
    private static @Nullable Route decide(RouteTable table, byte[] head) {
        Detection.Match match = CLASSIFIER.classify(ByteBuffer.wrap(head)) instanceof Detection.Match whole
                ? whole
                : Detection.Match.of(Detectors.UNRECOGNISED);
        return table.decide(new Facts(match, CLIENT, LISTENER, OPEN));
    }

    private static RouteTable table(Random random) throws ConfigurationException {
        List<String> routes = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            routes.add("{when: " + CONDITIONS.get(random.nextInt(CONDITIONS.size())) + ", to: reject}");
        }
        RouteTable table = parse(String.join(", ", routes));
        return random.nextBoolean() ? table : gated(table, random);
    }

    /** Some of whose routes have gates. */
    private static RouteTable gated(RouteTable table, Random random) {
        return new RouteTable(table.routes().stream()
                .map(route -> switch (random.nextInt(4)) {
                    case 0 -> route.behind(GATES.subList(0, 1));
                    case 1 -> route.behind(GATES.subList(1, 2));
                    case 2 -> route.behind(GATES);
                    default -> route;
                })
                .toList());
    }

    private static RouteTable parse(String routes) throws ConfigurationException {
        return new RouteTable(
                RouteFile.parse("test.yaml", "listen: [443, 8443]\nroutes: [" + routes + "]\n", Path.of("."))
                        .routes());
    }
}
