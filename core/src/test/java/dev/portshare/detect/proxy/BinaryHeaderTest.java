package dev.portshare.detect.proxy;

import static dev.portshare.detect.proxy.Headers.ascii;
import static dev.portshare.detect.proxy.Headers.checksum;
import static dev.portshare.detect.proxy.Headers.concat;
import static dev.portshare.detect.proxy.Headers.ipv4;
import static dev.portshare.detect.proxy.Headers.sealed;
import static dev.portshare.detect.proxy.Headers.tlv;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Version 2 of the PROXY protocol. */
class BinaryHeaderTest {
    private static final int FIXED = 16;

    @Test
    void ipv4AddressesAndPorts() {
        assertThat(inet(ipv4())).hasToString("Inet[source=192.0.2.7:51234, destination=203.0.113.5:443]");
    }

    @Test
    void ipv6AddressesAndPortsOfDatagramsToo() {
        byte[] block = hex("20010db8000000000000000000000007 00000000000000000000ffffcb007105 0001 ffff");
        for (int kind : new int[] {0x21, 0x22}) {
            assertThat(inet(Headers.of(0x21, kind, block)))
                    .hasToString("Inet[source=[2001:db8::7]:1, destination=203.0.113.5:65535]");
        }
    }

    @Test
    void pathsOfUnixSockets() {
        byte[] named = Arrays.copyOf(ascii("/run/x.sock"), 108);
        byte[] whole = new byte[108];
        Arrays.fill(whole, (byte) 'y');
        assertThat(unix(named, Arrays.copyOf(ascii("\0abstract"), 108)))
                .isEqualTo(new ProxyAddresses.Unix("/run/x.sock", "@abstract"));
        assertThat(unix(new byte[108], whole)).isEqualTo(new ProxyAddresses.Unix("", "y".repeat(108)));
    }

    private static ProxyAddresses unix(byte[] source, byte[] destination) {
        return header(Headers.of(0x21, 0x31, concat(source, destination))).addresses();
    }

    /** LOCAL, AF_UNSPEC and an unspecified transport: the block is passed, whatever is in it. */
    @Test
    void whatNamesNobodyIsPassedWhole() {
        byte[] any = {1, 2, 3, 4, 5};
        for (byte[] bytes : new byte[][] {
            Headers.of(0x20, 0x00, new byte[0]),
            Headers.of(0x20, 0xff, any),
            Headers.of(0x20, 0x11, any),
            Headers.of(0x21, 0x00, any),
            Headers.of(0x21, 0x01, any),
            Headers.of(0x21, 0x10, any),
            Headers.of(0x21, 0x30, any)
        }) {
            assertThat(header(bytes)).isEqualTo(ProxyHeader.of(ByteBuffer.wrap(bytes), ProxyAddresses.OWN, 0));
        }
    }

    @Test
    void tlvsAreKeptAsTheyCame() {
        byte[] tlvs = concat(tlv(0x02, ascii("www.example.org")), tlv(0x04, new byte[300]), tlv(0xe0, new byte[0]));
        ProxyHeader header = header(ipv4(tlvs));
        assertThat(header.tlvs()).isEqualTo(ByteBuffer.wrap(tlvs));
        assertThat(header.tlv(0x02)).isEqualTo(ByteBuffer.wrap(ascii("www.example.org")));
        assertThat(header.tlv(0x04).remaining()).isEqualTo(300);
        assertThat(header.tlv(0xe0).remaining()).isZero();
        assertThat(header.tlv(0x20)).isNull();
    }

    @Test
    void aChecksumMustFit() {
        byte[] noop = tlv(4, new byte[7]);
        for (byte[] bytes : new byte[][] {
            sealed(ipv4(checksum()), FIXED + 12 + 3),
            sealed(ipv4(checksum(), noop), FIXED + 12 + 3),
            sealed(ipv4(noop, checksum(), noop), FIXED + 12 + noop.length + 3)
        }) {
            header(bytes);
            for (int i = 0; i < 8 * bytes.length; i++) {
                byte[] flipped = bytes.clone();
                flipped[i / 8] ^= (byte) (1 << i % 8);
                // Other types of command, family and TLV have no checksum where it stood, or none at all.
                boolean isForm = i / 8 == 12 || i / 8 == 13 || isTlvHeader(bytes, i / 8);
                if (!isForm) {
                    assertThat(read(flipped)).as("bit %d", i).isNotInstanceOf(ProxyHeader.class);
                }
            }
        }
    }

    private static boolean isTlvHeader(byte[] header, int place) {
        for (int at = FIXED + 12; at < header.length; at += 3 + (header[at + 1] << 8 | header[at + 2])) {
            if (place >= at && place < at + 3) {
                return true;
            }
        }
        return false;
    }

    /** Bytes in hexadecimal, from byte 12 on; each is refused with its last byte, and not before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "11", // version 1
                "31", // version 3
                "22", // neither LOCAL nor PROXY
                "21 41", // a family above AF_UNIX
                "21 13", // a transport above DGRAM
                "21 11 10", // 4096 bytes and more
                "20 00 0f f1", // 4081 bytes
                "21 11 0f f1",
                "21 11 00 0b", // less than two addresses
                "21 21 00 23",
                "21 31 00 d7",
                "21 11 00 0d", // no room for a TLV
                "21 11 00 0e",
                "21 11 00 0f c0000207cb007105c82201bb 04 01", // a TLV of 256 bytes and more in the room of 3
                "21 11 00 0f c0000207cb007105c82201bb 04 00 01",
                "21 11 00 13 c0000207cb007105c82201bb 04 00 02", // and 2 bytes behind it
                "21 11 00 12 c0000207cb007105c82201bb 03", // no room for a checksum
                "21 11 00 14 c0000207cb007105c82201bb 03", // none for what is behind it
                "21 11 00 13 c0000207cb007105c82201bb 03 01", // no checksum's length
                "21 11 00 16 c0000207cb007105c82201bb 03 00 03",
                "21 11 00 1a c0000207cb007105c82201bb 03 00 04 00000000 03", // a second one
                "21 11 00 13 c0000207cb007105c82201bb 03 00 04 00000000" // wrong
            })
    void isRefusedWithTheFirstByteThatCannotStandThere(String bytes) {
        byte[] header = concat(hex("0d0a0d0a000d0a515549540a"), hex(bytes));
        assertThat(read(header)).isEqualTo(ProxyReading.NO_HEADER);
        assertThat(read(Arrays.copyOf(header, header.length - 1))).isEqualTo(ProxyReading.NEED_MORE);
    }

    @Test
    void everyByteOfTheSignatureCounts() {
        byte[] signature = hex("0d0a0d0a000d0a515549540a");
        for (int i = 0; i < signature.length; i++) {
            byte[] other = Arrays.copyOf(signature, i + 1);
            other[i] ^= 0x20;
            assertThat(read(other)).as("byte %d", i).isEqualTo(ProxyReading.NO_HEADER);
            assertThat(read(Arrays.copyOf(signature, i))).isEqualTo(ProxyReading.NEED_MORE);
        }
    }

    @Test
    void aHeaderIsOf4096BytesAtMost() {
        byte[] largest = ipv4(tlv(4, new byte[4080 - 12 - 3]));
        assertThat(largest).hasSize(ProxyHeader.MAX_LENGTH);
        assertThat(header(largest).tlvs().remaining()).isEqualTo(4068);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static ProxyAddresses inet(byte[] bytes) {
        return header(bytes).addresses();
    }

    private static ProxyHeader header(byte[] bytes) {
        assertThat(read(bytes)).isInstanceOf(ProxyHeader.class);
        ProxyHeader header = (ProxyHeader) read(bytes);
        assertThat(header.length()).isEqualTo(bytes.length);
        return header;
    }

    private static ProxyReading read(byte[] bytes) {
        return ProxyHeader.read(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }
}
