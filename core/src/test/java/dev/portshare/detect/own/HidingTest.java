package dev.portshare.detect.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import dev.portshare.detect.NamedDetector;
import dev.portshare.detect.openvpn.OpenVpnDetector;
import dev.portshare.detect.openvpn.Scramble;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HidingTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        prefix GET       ; prefix GET/x      ; true
        prefix GET/x     ; prefix GET        ; false
        prefix GET       ; prefix GET        ; true
        prefix GET       ; prefix PUT        ; false
        hex ff00 fff0    ; hex ff0a          ; true
        hex ff00 fff0    ; hex ff0a10 ffff00 ; true
        hex ff00 fff0    ; hex ff1a          ; false
        hex ff0a         ; hex ff00 fff0     ; false
        hex 00fb 00ff    ; hex fffb          ; true
        hex fffb         ; hex 00fb 00ff     ; false
        hex 4745         ; prefix GET        ; true
        regex G[EO]T+    ; prefix GET        ; true
        regex G[EO]T+/   ; prefix GET        ; false
        regex .*GET      ; prefix GET        ; true
        regex G[EO]T     ; regex G[EO]T      ; true
        regex G[EO]T     ; regex GET         ; false
        prefix GET       ; regex GET/[a-z]+  ; true
        prefix GET       ; regex (GET|GETS)x ; true
        prefix GET       ; regex (GET|PUT)x  ; false
        prefix GET       ; regex GE          ; false
        prefix GET       ; regex (?i)GETx    ; false
        hex 47 fe        ; regex GET         ; false
        hex 000e38       ; xor xormask k     ; false
        """)
    void isToldWhereItIsProven(String front, String behind, boolean hides) {
        assertThat(Hiding.hides(detector(front), detector(behind))).isEqualTo(hides);
    }

    /** Whatever comes. */
    @Test
    void aHiddenOneGetsNobody() {
        Random random = new Random(7);
        String[] parts = {"a", "b", "[ab]", "a?", "(a|bb)", "b+", "."};
        int hidden = 0;
        for (int round = 0; round < 5_000; round++) {
            Detector front = random("a", random, parts);
            Detector behind = random("b", random, parts);
            if (Hiding.hides(front, behind)) {
                hidden++;
                Classifier classifier = new Classifier(
                        List.of(new NamedDetector("a", front, "a"), new NamedDetector("b", behind, "b")));
                for (int i = 0; i < 200; i++) {
                    byte[] head = new byte[random.nextInt(9)];
                    for (int at = 0; at < head.length; at++) {
                        head[at] = (byte) "aaabbbc".charAt(random.nextInt(7));
                    }
                    assertThat(classifier.classify(ByteBuffer.wrap(head))).isNotEqualTo(Detection.Match.of("b"));
                }
            }
        }
        assertThat(hidden).isGreaterThan(500);
    }

    private static Detector random(String name, Random random, String[] parts) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        if (random.nextBoolean()) {
            return BytesDetector.prefix(name, text.toString().replaceAll("[^ab]", "b"));
        }
        if (random.nextInt(3) == 0) {
            return BytesDetector.hex(name, random.nextBoolean() ? "6162" : "61", null);
        }
        return RegexDetector.parse(name, text + "[ab]");
    }

    private static Detector detector(String text) {
        String[] words = text.split(" ", 2);
        return switch (words[0]) {
            case "prefix" -> BytesDetector.prefix("x", words[1]);
            case "hex" -> {
                String[] hex = words[1].split(" ");
                yield BytesDetector.hex("x", hex[0], hex.length == 1 ? null : hex[1]);
            }
            case "regex" -> RegexDetector.parse("x", words[1]);
            default -> new OpenVpnDetector("x", Scramble.parse(words[1]));
        };
    }
}
