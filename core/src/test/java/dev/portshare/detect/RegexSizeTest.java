package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexSizeTest {
    @ParameterizedTest
    @CsvSource(delimiter = ' ', quoteCharacter = '`', textBlock = """
        `` 0
        abc 3
        ab{3}c 5
        a{2,7}b{3,} 10
        a{,3} 5
        a{b} 4
        (ab){10} 30
        (?:a|bc){10} 40
        (?i)a{3} 3
        (?P<x>a{3}){3} 12
        ((a{10}){10}){10} 1110
        (a{1000}){1000} 1001000
        (((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000}){1000} 2147483647
        (?:(?:){1000}){1000} 1001000
        [a{3}]{4} 4
        [^]\\]({9}[:alpha:]]{2} 2
        \\Qa{3}\\E{2} 5
        \\x{41}{3}\\pL{3}\\p{Greek}{2}\\{\\} 11
        (a{10 5
        a)){3} 3
        \\ 0
        [a 1
        (?i 1
        a{10}(?i){10} 100
        (ab){0} 3
        """)
    void countsWhatRepetitionsSay(String regex, long size) {
        assertThat(RegexSize.of(regex)).isEqualTo(size);
        assertThat(RegexSize.isTooLong(regex)).isEqualTo(size > RegexSize.MAX);
    }

    /** So what is not too long is compiled in passing. */
    @Test
    void noProgramIsLongerThanSomeTimesThat() {
        Random random = new Random(2);
        String[] parts = {
            "a",
            "b",
            "é",
            ".",
            "[ab]",
            "[^]{2}]",
            "\\.",
            "\\d",
            "\\{",
            "\\x41",
            "\\x{41}",
            "\\pL",
            "\\p{Greek}",
            "\\Qab\\E",
            "(",
            "(",
            "(?:",
            "(?i:",
            "(?P<n>",
            ")",
            ")",
            ")",
            "|",
            "*",
            "+",
            "?",
            "??",
            "{3}",
            "{2,9}",
            "{7,}",
            "{0,9}",
            "{",
            "{0}",
            "^",
            "$",
            "\\b",
            "(?i)"
        };
        int compiled = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            String regex = text.toString();
            long size = RegexSize.of(regex);
            if (size <= RegexSize.MAX) {
                try {
                    assertThat(Pattern.compile(regex).programSize()).as(regex).isLessThanOrEqualTo((int)
                            (5 * size + 10));
                    compiled++;
                } catch (PatternSyntaxException notOne) {
                    assertThat(size).isNotNegative();
                }
            }
        }
        assertThat(compiled).isGreaterThan(20_000);
    }
}
