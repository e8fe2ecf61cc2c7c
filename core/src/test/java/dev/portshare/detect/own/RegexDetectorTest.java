package dev.portshare.detect.own;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import dev.portshare.detect.Decision;
import dev.portshare.detect.Detection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexDetectorTest {
    private static final char[] ALPHABET = {'a', 'b', '\n', '\u00e9'};
    private static final int DEPTH = 6;

    private static Decision decision(String regex, String head) {
        return Decision.of(RegexDetector.parse("foo", regex), head);
    }

    @Test
    void matchesWithTheByteThatCompletesAMatch() {
        assertThat(decision("HELLO [0-9]+", "HELLO 42\r\n")).isEqualTo(matchedAt(6, "foo"));
        assertThat(decision("^HELLO [0-9]+\\r\\n", "HELLO 42\r\n")).isEqualTo(matchedAt(9, "foo"));
        assertThat(decision("(GET|PUT) x", "PUT x")).isEqualTo(matchedAt(4, "foo"));
        assertThat(decision("\\xff[\\xfa-\\xfb]", "\u00ff\u00fb")).isEqualTo(matchedAt(1, "foo"));
        assertThat(decision("(?i)hello", "HeLLo")).isEqualTo(matchedAt(4, "foo"));
    }

    @Test
    void refusesWithTheFirstByteThatRulesItOut() {
        assertThat(decision("HELLO [0-9]+", "HELP")).isEqualTo(refusedAt(3));
        assertThat(decision("HELLO [0-9]+", "xHELLO 4")).isEqualTo(refusedAt(0));
        assertThat(decision("^(a|bc)d", "bd")).isEqualTo(refusedAt(1));
        assertThat(decision("(?-s).*foo", "ab\nfoo")).isEqualTo(refusedAt(2));
    }

    @Test
    void theLastByteThatIsLookedAtRefuses() {
        String head = "x".repeat(RegexDetector.LIMIT) + "foo";
        assertThat(decision(".*foo", head)).isEqualTo(refusedAt(RegexDetector.LIMIT - 1));
        String within = "x".repeat(RegexDetector.LIMIT - 3) + "foo";
        assertThat(decision(".*foo", within)).isEqualTo(matchedAt(RegexDetector.LIMIT - 1, "foo"));
    }

    /** RE2/J does not say whether more could help: what is made of how far it reads, compared with trying everything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "a*b",
                "(a|ab)(b|\\n)",
                "a.b",
                ".*ba",
                "(?-s)a.+\\n",
                "[^a]+a",
                "(?m)(a\\n)+^b",
                "a{2,3}b",
                "(ab?)+\\n\\n",
                "\\xe9|a\\xe9",
                "(?i)A\\xc9",
                "(a|b)*\\n(a|b)*\\xe9",
                "a+?b",
                "^a|^bb",
                "(?:a|^b)b",
                "\\Aab",
                "\\Qa\\E\\n",
                "[]a]b"
            })
    void answersWhatTryingEveryContinuationWould(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
        RegexDetector detector = RegexDetector.parse("foo", regex);
        for (String head : heads()) {
            Detection detection = detector.detect(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
            boolean matches = pattern.matcher(head).lookingAt();
            boolean canMatch = Stream.concat(Stream.of(""), continuations().stream())
                    .anyMatch(rest -> pattern.matcher(head + rest).lookingAt());
            assertThat(detection instanceof Detection.Match)
                    .as("%s on %s", regex, head)
                    .isEqualTo(matches);
            assertThat(detection == Detection.NO_MATCH)
                    .as("%s on %s", regex, head)
                    .isEqualTo(!canMatch);
        }
    }

    private static List<String> heads() {
        return strings(DEPTH - 2);
    }

    private static List<String> continuations() {
        return strings(4);
    }

    private static List<String> strings(int length) {
        List<String> all = new ArrayList<>(List.of(""));
        for (int i = 0; i < all.size() && all.get(i).length() < length; i++) {
            for (char c : ALPHABET) {
                all.add(all.get(i) + c);
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        foo$          | "foo$" asks with $ for what follows, and a connection has no end while it is open; leave it out, or write the byte that follows, such as \\n
        foo\\b        | "foo\\b" asks with \\b for what follows, and a connection has no end while it is open; leave it out, or write the byte that follows, such as \\n
        [$[]a\\z      | "[$[]a\\z" asks with \\z for what follows, and a connection has no end while it is open; leave it out, or write the byte that follows, such as \\n
        a*            | "a*" matches before a byte has come, so every client; write what must be there
        é             | "é" is more than ASCII, and it is compared byte by byte; write the bytes, such as \\xC3\\xA9
        (a{99}){99}   | "(a{99}){99}" becomes a program of
        ((a{999}){999}){999} | "((a{999}){999}){999}" is too long with its repetitions written out; write smaller ones
        (a            | "(a" is no regular expression: missing closing ); write RE2 syntax
        a)(b          | "a)(b" is no regular expression: regexp/syntax: internal error; write RE2 syntax
        """)
    void whatCannotBeObeyedIsRefusedWithARemedy(String regex, String message) {
        assertThatThrownBy(() -> RegexDetector.parse("foo", regex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a[$]", "a\\$", "\\Qa$\\b\\E", "[[:alpha:]$]a", "[]$]", "[^]$]", "[\\]$]a"})
    void aDollarThatIsAByteIsAllowed(String regex) {
        assertThat(RegexDetector.parse("foo", regex).detect(ByteBuffer.allocate(0)))
                .isEqualTo(Detection.NEED_MORE);
    }
}
