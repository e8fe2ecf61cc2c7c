package dev.portshare.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.route.ServerNamePattern;
import dev.portshare.route.ServerNameSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Server names are told apart as sslh and sniproxy do. */
class PatternsTest {
    private static final List<String> NAMES = List.of(
            "example.org",
            "www.example.org",
            "a.www.example.org",
            "notexample.org",
            "example.org.evil.net",
            "example.com",
            "v1.example.org",
            "v12.example.org",
            "org",
            "examplexorg",
            "");

    /** But that a dot is a dot: names with another character in its place are not among those above. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "example\\.org",
                "example.org$",
                "^example.org",
                "^example.org$",
                "^example\\.org$",
                "^www.example.org$",
                ".*\\.example\\.org$",
                "^.*\\.example.org$",
                "\\.example\\.org$",
                "^(.*\\.)?example\\.org$",
                "^(.+\\.)?example\\.org$",
                ".*",
                "^.*$",
                ".+",
                "^v[0-9]+\\.example\\.org$",
                "^example.org$|^example.com$",
                "(example|www)",
                "org"
            })
    void aPatternOfSniproxyMatchesWhatItMatchedThere(String regex) throws ImportException {
        ServerNameSet patterns = ServerNameSet.of(SniproxyPattern.of(new Word(regex, 1, 1)).patterns().stream()
                .map(ServerNamePattern::parse)
                .toList());
        Pattern there = Pattern.compile(regex);
        assertThat(NAMES).allSatisfy(name -> {
            boolean isOther = name.equals("examplexorg") || (name.isEmpty() && regex.contains("+"));
            assertThat(patterns.matches(name) == there.matcher(name).find() || isOther)
                    .as("%s by %s", name, patterns)
                    .isTrue();
        });
    }

    /** sniproxy drops a single backslash, and the dot is then any character: what was meant is taken, and the rest told. */
    @ParameterizedTest
    @CsvSource({
        ".*.example.org$, notexample.org",
        ".example.org$, notexample.org",
        "^(.*.)?example.org$, notexample.org"
    })
    void aDotThatLostItsBackslashIsADotAndIsTold(String regex, String other) throws ImportException {
        SniproxyPattern pattern = SniproxyPattern.of(new Word(regex, 1, 1));
        assertThat(pattern.patterns()).contains("*.example.org");
        assertThat(pattern.note()).contains(other + " as well");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "*.example.org, *.example.org",
        "*example.org, /.*example\\.org/",
        "*.*.example.org, /.*\\..*\\.example\\.org/",
        "www?.example.org, /www.\\.example\\.org/",
        "www[0-9].example.org, /www[0-9]\\.example\\.org/",
        "[!w]*, /[^w].*/",
        "*, /.*/"
    })
    void aGlobOfSslhIsANameAWildcardOrARegex(String glob, String pattern) throws ImportException {
        assertThat(Globs.pattern(new Word(glob, 1, 1))).isEqualTo(pattern);
    }
}
