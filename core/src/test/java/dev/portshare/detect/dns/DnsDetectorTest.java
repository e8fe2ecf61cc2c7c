package dev.portshare.detect.dns;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Decision;
import dev.portshare.detect.Detector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsDetectorTest {
    private final Detector detector = new DnsDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "query, 001e12340100000100000000000003777777036465760474657374 0000010001, 31",
        "id 3834, 001e38340100000100000000000003777777036465760474657374 0000010001, 31",
        "root, 0011 1234 0000 0001 000000000000 00 0002 0001, 18",
        "EDNS, 001c 1234 0120 0001 0000 0000 0001 00 0002 0001 00 0029 04d0 00000000 0000, 29",
        "IXFR, 0029 1234 0000 0001 0000 0001 0000 0161 00 00fb 0001 c00c 0006 0001 00000000 000a 00000000000000000000,"
                + " 42",
        "NOTIFY, 0013 1234 2400 0001 000000000000 0161 00 0006 0001, 20",
        "UPDATE, 0020 1234 2800 0001 0000 0001 0000 0161 00 0006 0001 c00c 00ff 00ff 00000000 0001 00, 33",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "dns"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "length 16, 0010, 1",
        "length 18, 0012, 1",
        "length 1024, 04, 0",
        "response, 0011 1234 80, 4",
        "inverse query, 0011 1234 08, 4",
        "truncated, 0011 1234 02, 4",
        "authoritative query, 0011 1234 04, 4",
        "recursion available, 0011 1234 0080, 5",
        "rcode, 0011 1234 0001, 5",
        "no question, 0011 1234 0000 0000, 7",
        "two questions, 0011 1234 0000 0002, 7",
        "answer in a query, 001c 1234 0000 0001 0001, 9",
        "two authorities, 0028 1234 0000 0001 0000 0002, 11",
        "more records than bytes, 0011 1234 0000 0001 0000 0001, 11",
        "272 bytes without a record, 0110 1234 0000 0001 0000 0000 0000, 13",
        "label of 64, 0050 1234 0000 0001 000000000000 40, 14",
        "pointer in the question, 0013 1234 0000 0001 000000000000 c0, 14",
        "name that ends early, 0013 1234 0000 0001 000000000000 00, 14",
        "name that ends late, 0013 1234 0000 0001 000000000000 02, 14",
        "name that leaves one byte, 0014 1234 0000 0001 000000000000 01, 14",
        "type 0, 0011 1234 0000 0001 000000000000 00 0000, 16",
        "class 2, 0011 1234 0000 0001 000000000000 00 0001 0002, 18",
        "data that ends early, 001d 1234 0000 0001 0000 0000 0001 00 0002 0001 00 0029 04d0 00000000 0000, 29",
        "pointer to itself, 0029 1234 0000 0001 0000 0001 0000 0161 00 00fb 0001 c013, 22",
        "pointer into the header, 0029 1234 0000 0001 0000 0001 0000 0161 00 00fb 0001 c00b, 22",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
