package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.portshare.detect.Detection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralsTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = ' ', textBlock = """
        www[0-9]+\\.example\\.org www '' .example.org example.org
        ^www\\.Example\\.ORG$ www.example.org '' www.example.org example.org
        (www|api)\\.example\\.org '' '' .example.org example.org
        git-?.*\\.a\\.b git '' .a.b a.b
        a{2}b\\.c '' '' b.c c
        [^]a[:digit:]\\]|(]x\\.y '' '' x.y y
        www\\.example\\.(org|net) www.example. '' '' -
        .*example '' '' example -
        .*\\.example\\.org\\.? '' .example.org '' -
        a\\.b|c\\.d '' '' '' -
        \\x41\\.b '' '' '' -
        \\Qa|b\\E\\.org '' '' '' -
        a{b\\.c '' '' '' -
        ab(?i)*\\.c '' '' '' -
        (?:www|api)\\.a\\.b '' '' .a.b a.b
        .*\\. '' '' . -
        aK\\.d ak.d '' ak.d d
        a\\d+?b+c\\.d a '' c.d d
        [a-z]+-7\\.[a-z.]+ '' -7. '' -
        a.(bcd|ef).gh.ijmk?.l a ijm l -
        """)
    void areWhatEveryMatchHas(String regex, String prefix, String infix, String suffix, String domain) {
        assertThat(Pattern.compile(regex)).isNotNull();
        Literals literals = Literals.of(regex);
        assertThat(literals).isEqualTo(new Literals(prefix, infix, suffix));
        assertThat(literals.domain()).isEqualTo(domain);
    }

    @Test
    void aNameInADomainThatBeginsWithItsDotMeetsARegexAsBefore() {
        ServerNamePattern regex = ServerNamePattern.parse("/.*\\.example\\.org/");
        ServerNameSet many = ServerNameSet.of(List.of(
                regex,
                ServerNamePattern.parse("a"),
                ServerNamePattern.parse("b"),
                ServerNamePattern.parse("c"),
                ServerNamePattern.parse("*.example.org")));
        assertThat(many.matches(".example.org")).isTrue();
        RouteTable table = new RouteTable(List.of(
                new Route("a", Condition.ANY.withServerNames(ServerNameSet.of(List.of(regex))), new Target.Reject())));
        assertThat(table.decide(new Facts(Detection.Match.tls(".example.org", List.of(), false), null, ":443")))
                .isNotNull();
    }

    /** Thousands of made-up regexes say the same with and without it, alone, among others, and in a table. */
    @Test
    void neverChangeWhatMatches() {
        Random random = new Random(1);
        String[] parts = {
            "a",
            "b",
            ".",
            "\\.",
            "\\.",
            "*",
            "+",
            "?",
            "|",
            "(",
            ")",
            "[ab]",
            "[^]b]",
            "[(|]",
            "{2}",
            "{0,1}",
            "^",
            "$",
            "\\d",
            "\\Qa.b\\E",
            "\\x61",
            "(?i)",
            "A",
            "(?:b|\\.a)",
            "\\b",
            "[[:alpha:]]",
            "{",
            "\\-"
        };
        int compiled = 0;
        int indexed = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            if (random.nextBoolean()) {
                text.append(random.nextBoolean() ? "\\.a" : "b\\.ab");
            }
            ServerNamePattern.Regex regex;
            try {
                regex = (ServerNamePattern.Regex) ServerNamePattern.parse("/" + text + "/");
            } catch (IllegalArgumentException notOne) {
                continue;
            }
            compiled++;
            indexed += regex.domain() == null ? 0 : 1;
            ServerNameSet among = ServerNameSet.of(List.of(
                    regex, ServerNamePattern.parse("x"), ServerNamePattern.parse("y"), ServerNamePattern.parse("z")));
            RouteTable table = new RouteTable(List.of(
                    new Route("a", Condition.ANY.withHosts(ServerNameSet.of(List.of(regex))), new Target.Reject())));
            for (int i = 0; i < 20; i++) {
                String name = name(random);
                boolean matches = regex.pattern().matches(name);
                assertThat(regex.matches(name)).as("%s %s", text, name).isEqualTo(matches);
                assertThat(among.matches(name)).as("%s %s", text, name).isEqualTo(matches);
                Facts facts = new Facts(Detection.Match.http(name), null, ":443");
                assertThat(table.decide(facts) != null)
                        .as("%s %s", text, name)
                        .isEqualTo(regex.pattern().matches(facts.head().host()));
            }
        }
        assertThat(compiled).isGreaterThan(5_000);
        assertThat(indexed).isGreaterThan(1_000);
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            name.append("aabb..1-".charAt(random.nextInt(8)));
        }
        return name.toString();
    }
}
