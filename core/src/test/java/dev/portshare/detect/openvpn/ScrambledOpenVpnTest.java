package dev.portshare.detect.openvpn;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.Decision;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients of OpenVPN builds with the XOR patch, by recorded packets that are scrambled here as the patch does it. */
class ScrambledOpenVpnTest {
    private static final List<String> OPTIONS = List.of(
            "xormask scramble", "xormask k", "xorptrpos", "reverse", "obfuscate scramble", "obfuscate Wz+3/q==");

    static Stream<Arguments> recordedPackets() {
        return Corpus.all().stream()
                .filter(entry ->
                        Decision.of(new OpenVpnDetector(), entry.bytes()).detection() instanceof Detection.Match)
                .flatMap(entry -> OPTIONS.stream().map(option -> Arguments.of(entry, option)));
    }

    private static Detector detector(String option) {
        return new OpenVpnDetector("my-vpn", Scramble.parse(option));
    }

    @ParameterizedTest
    @MethodSource("recordedPackets")
    void eachRecordedClientIsToldWithItsLastByteAndOnlyUnderItsOwnScramble(Corpus.Entry entry, String option) {
        byte[] sent = Scrambling.of(option, entry.bytes());
        int last = Decision.of(new OpenVpnDetector(), entry.bytes()).index();
        assertThat(Decision.of(detector(option), sent)).isEqualTo(matchedAt(last, "my-vpn"));
        for (String other : OPTIONS) {
            if (!other.equals(option)) {
                assertThat(Decision.of(detector(other), sent).detection())
                        .as(other)
                        .isEqualTo(Detection.NO_MATCH);
            }
        }
    }

    @Test
    void theRecordedPacketsAreMany() {
        assertThat(recordedPackets()).hasSizeGreaterThan(12 * OPTIONS.size());
    }

    /** Made by others than this test. */
    @Test
    void theScrambledPacketsOfTheCorpusAreTold() {
        assertThat(Decision.of(detector("xormask scramble"), Corpus.bytes("openvpn-xor-mask.bin")))
                .isEqualTo(matchedAt(15, "my-vpn"));
        assertThat(Decision.of(detector("obfuscate scramble"), Corpus.bytes("openvpn-xor-obfuscate.bin")))
                .isEqualTo(matchedAt(15, "my-vpn"));
    }

    /** Only OpenVPN's clients without the patch are told apart by a single bit pattern; none of the corpus is taken for one. */
    @Test
    void noOtherHeadOfTheCorpusIsTakenForOne() {
        for (Corpus.Entry entry : Corpus.all()) {
            if (!entry.protocol().startsWith("openvpn")) {
                for (String option : OPTIONS) {
                    assertThat(Decision.of(detector(option), entry.bytes()).detection())
                            .as("%s, %s", entry, option)
                            .isNotInstanceOf(Detection.Match.class);
                }
            }
        }
    }

    /** The last bytes of the packet come first: so they are what refuses first. */
    @Test
    void aReversedPacketIsRefusedWithTheFirstByteThatRulesItOut() {
        byte[] sent = Scrambling.of("reverse", Corpus.bytes("openvpn-plain-1.bin"));
        sent[3] = 1; // of message id 0
        assertThat(Decision.of(detector("reverse"), sent)).isEqualTo(refusedAt(3));
        sent = Scrambling.of("obfuscate key", Corpus.bytes("openvpn-tlscryptv2-1.bin"));
        sent[4] ^= 1; // of the wrapped key's length
        assertThat(Decision.of(detector("obfuscate key"), sent)).isEqualTo(refusedAt(4));
        sent[2] ^= 1; // the opcode
        assertThat(Decision.of(detector("obfuscate key"), sent)).isEqualTo(refusedAt(2));
    }

    /** From any head that is not refused, a walk that avoids refused bytes arrives. */
    @Test
    void everyHeadThatIsNotRefusedCanBecomeAClient() {
        Random random = new Random(1194);
        for (String option : OPTIONS) {
            for (int walk = 0; walk < 100; walk++) {
                walk(detector(option), random);
            }
        }
    }

    private static void walk(Detector detector, Random random) {
        byte[] head = new byte[2 + 54 + 1024];
        for (int size = 1; size <= head.length; size++) {
            int first = random.nextInt(256);
            Detection detection = Detection.NO_MATCH;
            for (int tried = 0; tried < 256 && detection == Detection.NO_MATCH; tried++) {
                head[size - 1] = (byte) (first + tried);
                detection = detector.detect(ByteBuffer.wrap(head, 0, size));
            }
            assertThat(detection).as("%d bytes", size).isNotEqualTo(Detection.NO_MATCH);
            if (detection instanceof Detection.Match) {
                return;
            }
        }
        throw new AssertionError("no match after " + Arrays.toString(head));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        obfuscat x        | no scramble "obfuscat"; write what stands behind "scramble" there: xormask KEY, xorptrpos, reverse or obfuscate KEY
        secret            | no scramble "secret"; if it is a key, write xormask secret
        obfuscate         | "obfuscate" needs a key; write what stands behind "scramble" there: xormask KEY, xorptrpos, reverse or obfuscate KEY
        reverse x         | "reverse" has no key; write it alone
        xormask a b       | the key has a blank, a quote or a backslash in it; write it in single quotes, in which each stands for itself: xormask 'KEY'
        xormask a\\b      | the key has a blank, a quote or a backslash in it; write it in single quotes, in which each stands for itself: xormask 'KEY'
        """)
    void whatIsNoScrambleIsRefusedWithARemedy(String option, String message) {
        assertThatThrownBy(() -> Scramble.parse(option)).hasMessage(message);
    }

    @Test
    void aQuotedKeyIsWhatIsBetweenTheQuotes() {
        byte[] sent = Scrambling.of("xormask key", Corpus.bytes("openvpn-plain-1.bin"));
        for (String option : List.of("xormask 'key'", "xormask \"key\"", "xormask  key ")) {
            assertThat(Decision.of(detector(option), sent)).as(option).isEqualTo(matchedAt(15, "my-vpn"));
        }
        byte[] blank = Corpus.bytes("openvpn-plain-1.bin");
        byte[] key = {'a', ' ', '\\'};
        for (int i = 2; i < 16; i++) {
            blank[i] ^= key[(i - 2) % 3];
        }
        assertThat(Decision.of(detector("xormask 'a \\'"), blank)).isEqualTo(matchedAt(15, "my-vpn"));
    }
}
