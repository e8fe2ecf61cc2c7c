package dev.portshare.detect.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Headers of version 2, made piece by piece. */
public final class Headers {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

    private static final byte[] PAYLOAD = ascii("PROXY TCP4 is what the payload begins with\r\n");

    private Headers() {}

    /** Headers of both versions, right and wrong, and what follows them. */
    static Stream<byte[]> heads() {
        return Stream.of(
                        ascii("PROXY TCP4 192.0.2.7 203.0.113.5 51234 443\r\n"),
                        ascii("PROXY TCP6 2001:db8::7 ::ffff:203.0.113.5 51234 443\r\n"),
                        ascii("PROXY UNKNOWN and more\r\n"),
                        ascii("PROXY TCP4 192.0.2.7 203.0.113.5 51234 443443\r\n"),
                        ipv4(),
                        ipv4(tlv(2, ascii("www.example.org")), tlv(4, new byte[0])),
                        sealed(ipv4(tlv(4, new byte[9]), checksum()), 16 + 12 + 12 + 3),
                        ipv4(checksum()),
                        of(0x20, 0, new byte[40]),
                        of(0x21, 0x31, new byte[216]),
                        ascii("GET / HTTP/1.1\r\n"))
                .map(header -> concat(header, PAYLOAD));
    }

    /** A header with any bytes behind its fixed part, whose length it says. */
    public static byte[] of(int command, int kind, byte[] rest) {
        return concat(
                SIGNATURE,
                new byte[] {(byte) command, (byte) kind, (byte) (rest.length >> 8), (byte) rest.length},
                rest);
    }

    /** TCP over IPv4, from 192.0.2.7:51234 to 203.0.113.5:443. */
    public static byte[] ipv4(byte[]... tlvs) {
        return of(0x21, 0x11, concat(HexFormat.of().parseHex("c0000207" + "cb007105" + "c822" + "01bb"), concat(tlvs)));
    }

    /** A TLV. */
    public static byte[] tlv(int type, byte[] value) {
        return concat(new byte[] {(byte) type, (byte) (value.length >> 8), (byte) value.length}, value);
    }

    /** A TLV with room for a checksum, which {@link #sealed} puts in. */
    public static byte[] checksum() {
        return tlv(3, new byte[4]);
    }

    /** {@code header}, whose checksum has its value at {@code place}. */
    public static byte[] sealed(byte[] header, int place) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        byte[] sealed = header.clone();
        ByteBuffer.wrap(sealed).putInt(place, (int) crc.getValue());
        return sealed;
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static byte[] concat(byte[]... parts) {
        byte[] all = {};
        for (byte[] part : parts) {
            int before = all.length;
            all = Arrays.copyOf(all, before + part.length);
            System.arraycopy(part, 0, all, before, part.length);
        }
        return all;
    }
}
