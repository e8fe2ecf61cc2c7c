package dev.portshare.handover;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.portshare.connection.Carried;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** What another process, of an earlier or a later version, hands over. The seed is of version 1. */
class ParcelFuzzTest {
    /** What can be read can be handed on, and is the same then. */
    @FuzzTest
    void isReadOrRefused(byte[] bytes) throws IOException {
        List<Integer> descriptors = IntStream.range(10, 30).boxed().toList();
        List<Carried> connections;
        try {
            connections = new Parcel(bytes, descriptors).connections();
        } catch (IOException | RuntimeException refused) {
            return; // Takeover says so, and closes the descriptors.
        }
        Parcel again = Parcel.of(connections);
        // A name that is absent is read as a word of four letters, with four bytes of length.
        assertThat(again.bytes().length).isLessThanOrEqualTo(16 + 9 * bytes.length);
        assertThat(Parcel.of(new Parcel(again.bytes(), descriptors).connections())
                        .bytes())
                .isEqualTo(again.bytes());
    }
}
