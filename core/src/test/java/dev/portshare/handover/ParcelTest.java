package dev.portshare.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.connection.Carried;
import dev.portshare.session.Endpoint;
import dev.portshare.session.SessionState;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParcelTest {
    private static final byte[] BYTES = {0, -1, 'x'};

    private static final Carried FULL = new Carried(
            new SessionState(
                    "[::]:443",
                    new Endpoint(1, 2, 3, 4),
                    "tls",
                    "m\u00fcnchen.example",
                    List.of("h2", "\u0000\u00ff", ""),
                    "web",
                    "127.0.0.1:8443",
                    -5,
                    6,
                    Long.MIN_VALUE,
                    7L << 40,
                    8),
            BYTES,
            new Carried.Spliced(true, false),
            new Carried.End(10, true, new Carried.PipeEnds(11, 12, 262_144), BYTES),
            new Carried.End(13, false, null, new byte[0]));

    private static final Carried EMPTY = new Carried(
            new SessionState("unix:/s", null, null, null, List.of(), null, null, 1, 2, 3, 0, 0),
            null,
            new Carried.Head(BYTES),
            new Carried.End(14, false, null, new byte[0]),
            null);

    @Test
    void whatIsPackedIsUnpackedWithTheDescriptorsOfTheOtherProcess() throws IOException {
        Parcel packed = Parcel.of(List.of(FULL, EMPTY));
        assertThat(packed.descriptors()).containsExactly(10, 11, 12, 13, 14);
        List<Integer> theirs = List.of(20, 21, 22, 23, 24);
        List<Carried> unpacked = new Parcel(packed.bytes(), theirs).connections();
        assertThat(unpacked.getFirst())
                .usingRecursiveComparison()
                .isEqualTo(new Carried(
                        FULL.session(),
                        FULL.header(),
                        FULL.stage(),
                        new Carried.End(20, true, new Carried.PipeEnds(21, 22, 262_144), BYTES),
                        new Carried.End(23, false, null, new byte[0])));
        assertThat(unpacked.getLast())
                .usingRecursiveComparison()
                .isEqualTo(new Carried(
                        EMPTY.session(),
                        EMPTY.header(),
                        EMPTY.stage(),
                        new Carried.End(24, false, null, new byte[0]),
                        null));
    }

    /** To a program that knows nothing of it, it is a parcel of no connections. */
    @Test
    void whatComesWithoutConnectionsIsLeftAloneByWhoDoesNotKnowIt() throws IOException {
        Parcel parcel = Parcel.of(BYTES);
        assertThat(parcel.connections()).isEmpty();
        assertThat(parcel.rest()).isEqualTo(BYTES);
        assertThat(Parcel.of(List.of(FULL)).rest()).isNull();
        assertThat(Parcel.of(List.of()).rest()).isNull();
    }

    @Test
    void anotherVersionAndAnEarlyEndAreRefused() {
        Parcel packed = Parcel.of(List.of(FULL));
        byte[] later = packed.bytes().clone();
        later[3]++;
        assertThatThrownBy(() -> new Parcel(later, packed.descriptors()).connections())
                .isInstanceOf(IOException.class)
                .hasMessage("version 2 of the format is unknown here");
        for (int length = 0; length < packed.bytes().length; length++) {
            Parcel cut = new Parcel(Arrays.copyOf(packed.bytes(), length), packed.descriptors());
            assertThatThrownBy(cut::connections).isInstanceOf(IOException.class);
        }
    }
}
