package dev.portshare.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WhoLinesTest {
    private static final String MAPPED =
            "{\"src\": \"2001:db8::7\", \"as\": \"127.77.3.9\", \"connections\": %d, \"fixed\": %s,"
                    + " \"remembered_seconds\": %s}";
    private static final String CONNECTION =
            "{\"src\":\"[2001:db8::7]:51234\",\"seen\":\"127.77.3.9:45776\",\"route\":\"ssh\",\"backend\":\"127.0.0.1:22\",\"ms\":65000}";

    private static List<String> lines(String mapped, int matching, String connections) {
        return WhoLines.of(
                Report.parse("{\"address\": \"127.77.3.9:1\", \"mapped\": %s, \"matching\": %d, \"connections\": [%s]}"
                        .formatted(mapped, matching, connections)));
    }

    @Test
    void aClientAndItsConnections() {
        assertThat(lines(MAPPED.formatted(1, false, null), 1002, CONNECTION))
                .containsExactly(
                        "127.77.3.9 stands for 2001:db8::7",
                        "CLIENT               SEEN AS           ROUTE  BACKEND             AGE",
                        "[2001:db8::7]:51234  127.77.3.9:45776  ssh    127.0.0.1:22  1 min 5 s",
                        "and 1,001 more");
    }

    @Test
    void oneThatHasNone() {
        assertThat(lines(MAPPED.formatted(0, false, 7199), 0, ""))
                .containsExactly(
                        "127.77.3.9 stands for 2001:db8::7, for another 1 h 59 min",
                        "no live connection has 127.77.3.9:1");
        assertThat(lines(MAPPED.formatted(0, true, null), 0, "").getFirst())
                .isEqualTo("127.77.3.9 stands for 2001:db8::7, always (mapped.map)");
    }

    @Test
    void theSharedOne() {
        assertThat(lines(MAPPED.formatted(3, false, null).replace("\"2001:db8::7\"", "null"), 1, CONNECTION)
                        .getFirst())
                .isEqualTo("127.77.3.9 is shared by all clients for whom mapped.pool had no other");
    }

    @Test
    void aConnectionOfARouteWithoutASource() {
        assertThat(lines("null", 1, CONNECTION)).hasSize(2);
        assertThat(lines("null", 0, "")).isEmpty();
    }
}
