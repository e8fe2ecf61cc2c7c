package dev.portshare.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopScreenTest {
    private static final Map<?, ?> CONNECTION = Map.of(
            "id",
            7,
            "src",
            "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535",
            "as",
            "127.77.133.199",
            "sni",
            "a-rather-long-name-that-somebody-chose.git.example.org",
            "route",
            "git",
            "backend",
            "[2001:db8::5]:443",
            "ms",
            90_000_000,
            "in",
            5,
            "out",
            6);

    private static List<String> draw(int rows, int columns, int connections) {
        Report status = new Report(
                Map.of("connections", Map.of("active", connections), "per_second", Map.of("in", 1e6), "version", "1"));
        Report live = new Report(Map.of(
                "connections",
                IntStream.range(0, connections).mapToObj(_ -> CONNECTION).collect(Collectors.toList())));
        var data = new TopScreen.Data(status, live, List.of(), Instant.EPOCH);
        return TopScreen.draw(new TopView(), data, new Terminal.Size(rows, columns)).stream()
                .map(line -> line.replaceAll("\033\\[\\d*m", ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"24, 80, 50", "50, 200, 3", "1, 1, 5", "2, 10, 0", "5, 40, 1", "6, 300, 9"})
    void itIsAsLargeAsTheTerminalWhateverThatIs(int rows, int columns, int connections) {
        List<String> lines = draw(rows, columns, connections);
        assertThat(lines).hasSize(rows).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
    }

    @ParameterizedTest
    @CsvSource({"180, true, true, true", "134, false, true, true", "110, false, false, true", "90, false, false, false"
    })
    void whereThereIsLittleRoomTheBackendGoesFirstThenTheEndOfNamesAndWhatStandsForTheClient(
            int columns, boolean backend, boolean name, boolean standIn) {
        String row = draw(24, columns, 1).get(4);
        assertThat(row.contains("[2001:db8::5]:443")).isEqualTo(backend);
        assertThat(row.contains("a-rather-long-name-that-somebody-ch~")).isEqualTo(name);
        assertThat(row.contains(" as 127.77.133.199 ")).isEqualTo(standIn);
        assertThat(row).contains("a-rather-", " git ").containsPattern("1 d( |$)");
    }
}
