package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MqttDetectorTest {
    private final Detector detector = new MqttDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "3.1.1, 100c00044d5154540402003c0000, 9",
        "3.1, 100f00064d514973647003 02003c000161, 11",
        "5, 100d00044d5154540502003c000000, 9",
        "bridge, 101200044d5154548402003c0006, 9",
        "bridge of 3.1, 101100064d51497364708302, 11",
        "long packet, 10ffffff7f00044d5154540402, 12",
        "will, 101000044d515454042e, 9",
        "user and password, 101000044d51545404c2, 9",
        "password alone in 5, 100f00044d5154540542, 9",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "mqtt"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "SUBSCRIBE, 82, 0",
        "CONNECT with flags, 11, 0",
        "length 11, 100b, 1",
        "length 0, 1000, 1",
        "length with a byte too many, 108c00, 2",
        "length of five bytes, 10ffffffff, 4",
        "name of 5, 100c0005, 3",
        "MQIsdp too long for 12, 100c0006, 3",
        "other name, 100c00044d515455, 7",
        "version 3 of MQTT, 100c00044d51545403, 8",
        "version 6, 100d00044d51545406, 8",
        "version 4 of MQIsdp, 100f00064d514973647004, 10",
        "5 in 12 bytes, 100c00044d51545405, 8",
        "reserved flag, 100c00044d5154540403, 9",
        "quality without will, 101000044d515454040a, 9",
        "retain without will, 101000044d5154540422, 9",
        "quality 3, 101400044d515454041e, 9",
        "password without user, 101000044d5154540442, 9",
        "user in 13 bytes, 100d00044d5154540482, 9",
        "will in 15 bytes, 100f00044d5154540406, 9",
        "will in 18 bytes of 5, 101100044d51545405c6, 9",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
