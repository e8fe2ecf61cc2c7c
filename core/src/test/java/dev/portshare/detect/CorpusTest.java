package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the built-in detectors make of each recorded first flight. */
class CorpusTest {
    private static final Set<String> WORDS = Stream.concat(
                    Detectors.BUILTIN.stream().map(NamedDetector::name), Stream.of("silent"))
            .collect(Collectors.toSet());

    private static final Pattern HOST = Pattern.compile("(?:Host: ?|^CONNECT |^GET http://)(\\[.*?]|[^:/\\s]+)");

    /** What the manifest calls otherwise: as kinds of others, or as bytes of a scanner, who takes nothing for granted. */
    private static final Map<String, String> FILES = Map.of(
            "probe-base1.bin", "openvpn", // without a key, a probe of the right shape is one
            "probe-http.bin", "http",
            "probe-ssh.bin", "ssh",
            "redis.bin", "redis");

    private static final Map<String, String> RDP_COOKIES = Map.of(
            "rdp-cookie.bin", "shareduser",
            "rdp-xfreerdp.bin", "alice",
            "rdp-xfreerdp-lb.bin", "msts=3640205228.15629.0000",
            "rdp-xfreerdp-ra.bin", "alice",
            "rdp-xfreerdp-std.bin", "alice");

    /** Beginnings that are longer than what tells their protocol. */
    private static final Set<String> DECIDED = Set.of("cut-http2-curl-prior-51.bin", "cut-xmpp-stream-68.bin");

    /** Heads that, up to their last byte, could still become one or the other. */
    private static final Set<String> UNDECIDED = Set.of(
            "probe-generic.bin", // two empty lines, which may come before a request
            "cut-proxy1-tls-2.bin", // PR, and so on with OPFIND
            "cut-proxy2-tls-2.bin", // an empty line
            "probe-base2.bin", // a plain reset less its last byte
            "probe-one-zero.bin",
            "probe-two-zero.bin", // PostgreSQL, SMB
            "probe-epmd.bin", // 00 01 6e: a STUN request of 28 KB
            "random-1.bin"); // c2: Minecraft, WinBox

    private static final Classifier CLASSIFIER = new Classifier(Detectors.BUILTIN);

    static List<Entry> corpus() {
        return Corpus.all();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void verdictIsWhatTheManifestSays(Entry entry) {
        assertThat(CLASSIFIER.classify(ByteBuffer.wrap(entry.bytes()).asReadOnlyBuffer()))
                .isEqualTo(expected(entry));
    }

    @Test
    void serverNameComesInLowerCaseWithoutItsTrailingDot() {
        assertThat(match("tls-openssl-sni-upper.bin").serverName()).isEqualTo("www.dev.test");
        assertThat(match("tls-openssl-sni-dot.bin").serverName()).isEqualTo("www.dev.test");
        assertThat(match("tls-openssl-sni-ip.bin").serverName()).isEqualTo("192.0.2.9");
    }

    private static Detection.Match match(String file) {
        return (Detection.Match) CLASSIFIER.classify(ByteBuffer.wrap(Corpus.bytes(file)));
    }

    private static Detection expected(Entry entry) {
        if (UNDECIDED.contains(entry.file())) {
            return Detection.NEED_MORE;
        }
        String whole = entry.protocol().replace(" (truncated)", "");
        String protocol = FILES.getOrDefault(entry.file(), named(whole));
        if (protocol.isEmpty()) {
            return Detection.NO_MATCH;
        }
        boolean isWhole = whole.equals(entry.protocol()) || DECIDED.contains(entry.file());
        return switch (isWhole ? protocol : "silent") {
            case "silent" -> Detection.NEED_MORE;
            case "tls" ->
                Detection.Match.tls(entry.sni(), entry.alpn(), entry.notes().matches("(.*;)?ECH(;.*)?"));
            case "http" -> Detection.Match.http(host(entry));
            case "rdp" -> Detection.Match.rdp(RDP_COOKIES.get(entry.file()));
            default -> Detection.Match.of(protocol);
        };
    }

    /** What a manifest's kind is called here; empty: no detector tells it. */
    private static String named(String kind) {
        return switch (kind) {
            // Without a key, a flipped bit and a wrong key are all OpenVPN.
            case "openvpn/plain", "openvpn/tls-auth", "openvpn/tls-crypt", "openvpn/tls-crypt-v2" -> "openvpn";
            case "http/0.9", "http/1.0", "http/1.1" -> "http";
            case "http/2" -> "http2";
            case "sslv2-hello" -> "tls";
            default -> WORDS.contains(kind) ? kind : "";
        };
    }

    private static @Nullable String host(Entry entry) {
        Matcher host = HOST.matcher(new String(entry.bytes(), StandardCharsets.ISO_8859_1));
        return host.find() ? host.group(1) : null;
    }
}
