package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the built-in detectors make of each recorded first flight. */
class CorpusTest {
    private static final Set<String> OPENVPN =
            Set.of("openvpn/plain", "openvpn/tls-auth", "openvpn/tls-crypt", "openvpn/tls-crypt-v2");

    /** Heads that, up to their last byte, could still become one or the other. */
    private static final Set<String> UNDECIDED = Set.of(
            "probe-base2.bin", // a plain reset less its last byte
            "probe-one-zero.bin",
            "cut-rdp-cookie-2.bin"); // 03 00: the length of a tls-crypt-v2 packet

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
        String protocol = entry.protocol();
        if (protocol.equals("tls")) {
            return Detection.Match.tls(canonical(entry.sni()), entry.alpn(), false);
        }
        // Without a key a probe of the right shape, a flipped bit and a wrong key are all OpenVPN.
        if (OPENVPN.contains(protocol) || entry.file().equals("probe-base1.bin")) {
            return Detection.Match.of("openvpn");
        }
        String whole = protocol.replace(" (truncated)", "");
        boolean prefix = !whole.equals(protocol) && (whole.equals("tls") || OPENVPN.contains(whole));
        return prefix || protocol.equals("silent") || UNDECIDED.contains(entry.file())
                ? Detection.NEED_MORE
                : Detection.NO_MATCH;
    }

    private static String canonical(String sni) {
        return sni == null ? null : sni.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    }
}
