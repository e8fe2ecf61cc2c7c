package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no YAML is one problem in plain words. */
class YamlDocumentTest {
    static Stream<Arguments> files() {
        String star =
                "\"*\" refers to an anchor, and there is none of that name; quote a word that begins with it, as in"
                        + " \"*.example.org\"";
        return Stream.of(
                arguments("to: [::1]:22\n", ":1:6: YAML takes brackets for a list; write \"[::1]:22\" with its quotes"),
                arguments(
                        "to: [2001:db8::1]:22\n",
                        ":1:18: YAML takes brackets for a list; write \"[2001:db8::1]:22\" with its quotes"),
                arguments("listen: [443\n", ":1:9: a quote, \"[\" or \"{\" that is never closed; close it"),
                arguments("listen: '443\n", ":1:9: a quote, \"[\" or \"{\" that is never closed; close it"),
                arguments(
                        "listen: a: b\n",
                        ":1:10: a \": \" where no key can be; quote the value, or check the indentation"),
                arguments("listen:\n\t- 443\n", ":2:1: a tab; indent with spaces"),
                arguments(ProblemsTest.when("sni: *.example.org"), ":3:18: " + star),
                arguments(ProblemsTest.when("sni: *x"), ":3:17: " + star),
                arguments("listen: @x\n", ":1:9: a word cannot begin like this; quote it"),
                arguments(ProblemsTest.when("from: [::/0]"), ":3:19: a word cannot begin like this; quote it"),
                arguments("listen: 443\n---\nlisten: 80\n", ":2:1: a second document; a route file is one"),
                arguments(
                        "listen: 'a'b\n",
                        ":1:12: not readable as YAML: expected <block end>, but found '<scalar>'; check indentation,"
                                + " brackets and quotes"),
                arguments(
                        "listen: 443\nroutes: \u0007\n",
                        ":2:9: character U+0007, which YAML does not allow; leave it out"),
                arguments(
                        "a: ".concat("[".repeat(100_000)),
                        ": nested too deeply; write what docs/configuration.md shows"),
                arguments(
                        "x: &x [1]\ny: [" + "*x, ".repeat(1001) + "]\n",
                        ": not readable as YAML: Number of aliases for non-scalar nodes exceeds the specified"
                                + " max=1000"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhereReadingStoppedAndWhatToWrite(String yaml, String problem) {
        assertThat(ProblemsTest.problems(yaml)).containsExactly("r.yaml" + problem);
    }
}
