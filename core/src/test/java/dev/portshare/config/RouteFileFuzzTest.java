package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a route file, or there are problems with a place and a remedy. */
class RouteFileFuzzTest {
    private static final String FILE = "r.yaml";

    static Stream<byte[]> seeds() throws IOException {
        Stream<String> broken = Stream.of(
                        ProblemsTest.keys(),
                        ProblemsTest.listeners(),
                        ProblemsTest.addresses(),
                        ProblemsTest.routes(),
                        ProblemsTest.conditions(),
                        ProblemsTest.durations(),
                        ProblemsTest.logs(),
                        ProblemsTest.admin())
                .flatMap(problems -> problems)
                .map(Arguments::get)
                .map(arguments -> (String) arguments[0]);
        String complete = Files.readString(RouteFileTest.ROUTES.resolve("complete.yaml"));
        return Stream.concat(Stream.of(complete), broken).map(yaml -> yaml.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadOrHasProblems(byte[] text) {
        String yaml = new String(text, StandardCharsets.UTF_8);
        Configuration configuration;
        try {
            configuration = parse(yaml);
        } catch (ConfigurationException e) {
            assertThat(e.problems()).isNotEmpty().isSortedAccordingTo(Problem.IN_ORDER);
            e.problems().forEach(problem -> hasPlaceAndText(problem, yaml));
            assertThat(assertThrows(ConfigurationException.class, () -> parse(yaml))
                            .problems())
                    .isEqualTo(e.problems());
            return;
        }
        assertThat(configuration.listen()).isNotEmpty();
        assertThat(configuration.routes()).isNotEmpty();
        assertThat(text(again(yaml))).isEqualTo(text(configuration));
    }

    /** Detectors are told apart by their names alone. */
    private static String text(Configuration configuration) {
        return configuration.toString().replaceAll("Detector@\\p{XDigit}+", "Detector");
    }

    private static void hasPlaceAndText(Problem problem, String yaml) {
        assertThat(problem.message()).isNotBlank().doesNotContainPattern("\\p{Cc}");
        assertThat(problem.path()).doesNotContainPattern("\\p{Cc}");
        if (problem.line() == 0) {
            assertThat(problem.column()).isZero();
        } else {
            assertThat(problem.column()).isPositive();
        }
        if (problem.file().equals(FILE)) {
            // What ends a line for YAML; where something is missing, the place may be behind the last one.
            List<String> lines = List.of(yaml.split("\r\n|[\r\n]", -1));
            assertThat(problem.line()).isBetween(0, lines.size() + 1);
        }
    }

    private static Configuration again(String yaml) {
        try {
            return parse(yaml);
        } catch (ConfigurationException e) {
            throw new AssertionError("was a route file a moment ago", e);
        }
    }

    private static Configuration parse(String yaml) throws ConfigurationException {
        return RouteFile.parse(FILE, yaml, RouteFileTest.ROUTES);
    }
}
