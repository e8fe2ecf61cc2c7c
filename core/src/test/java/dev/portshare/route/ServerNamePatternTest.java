package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.portshare.detect.Detection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerNamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "EXAMPLE.com., example.com, true",
        "example.com, EXAMPLE.COM., true",
        "example.com, example.com.evil.org, false",
        "example.com, notexample.com, false",
        "example.com, www.example.com, false",
        "example.com, example.com.., false",
        "*.example.com, www.example.com, true",
        "*.Example.com., a.b.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, .example.com, false",
        "*.example.com, notexample.com, false",
        "*.example.com, www.example.com.evil.org, false",
        "/example.com/, example.com, true",
        "/example.com/, EXAMPLE.COM, true",
        "/example.com/, example.com.evil.org, false",
        "/example.com/, www.example.com, false",
        "/www[0-9]+\\.example\\.com/, www42.example.com, true",
        "/a|b/, b, true",
        "/a|b/, ab, false",
        "bücher.example, xn--bcher-kva.example, true",
        "*.bücher.example, www.xn--bcher-kva.example, true"
    })
    void meansWholeNames(String pattern, String sent, boolean matches) {
        ServerNamePattern parsed = ServerNamePattern.parse(pattern);
        String name = Detection.Match.normal(sent);
        assertThat(parsed.matches(name)).isEqualTo(matches);
        assertThat(ServerNameSet.of(List.of(parsed)).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
        '' => "" is no server name; write one such as example.org or *.example.org
        'a b' => "a b" is no server name; write one such as example.org or *.example.org
        * => "*" stands for whole labels in front, as in *.example.org; write /.*/
        *foo.org => "*" stands for whole labels in front, as in *.example.org; write /.*foo\\.org/
        a.*.b => "*" stands for whole labels in front, as in *.example.org; write /a\\..*\\.b/
        *. => between its dots "" has a part of 0 characters; a name has parts of 1 to 63
        a..b => between its dots "a..b" has a part of 0 characters; a name has parts of 1 to 63
        a.org:443 => illegal character ":" in "a.org:443"; a name has letters, digits, "-", "_" and "."
        /a => "/a" is no regular expression; write one such as /www[0-9]+\\.example\\.org/
        / => "/" is no regular expression; write one such as /www[0-9]+\\.example\\.org/
        // => "//" is no regular expression; write one such as /www[0-9]+\\.example\\.org/
        /(a/ => "/(a/" is no regular expression: missing closing ); write RE2 syntax
        /(a{1000}){1000}/ => "/(a{1000}){1000}/" is too long with its repetitions written out; write smaller ones
        /(?=a)/ => "/(?=a)/" is no regular expression: invalid or unsupported Perl syntax; write RE2 syntax
        """)
    void saysWhatIsWrongAndWhatToWrite(String pattern, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerNamePattern.parse(pattern))
                .withMessage(message);
    }

    /** java.util.regex takes exponential time for some patterns. */
    @Test
    void aRegexTakesLinearTime() {
        ServerNamePattern catastrophic = ServerNamePattern.parse("/(a+)+(a|aa)*b/");
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(catastrophic.matches("a".repeat(16_000))).isFalse());
    }

    @Test
    void noByteGetsANamePastARegex() {
        assertThat(ServerNamePattern.parse("/.*\\.evil\\.org/").matches("a\nb.evil.org"))
                .isTrue();
    }

    @Test
    void aLongNameOfManyLabelsIsLookedUpInFewSteps() {
        List<ServerNamePattern> matching = ServerNamePattern.matching("a.".repeat(8_000) + "org");
        assertThat(matching).hasSizeLessThan(130).contains(ServerNamePattern.parse("*.org"));
    }

    @Test
    void givesBackItsNotation() {
        for (String notation : List.of("git.example.org", "*.example.org", "/a{2}/")) {
            assertThat(ServerNamePattern.parse(notation)).hasToString(notation);
        }
    }
}
