package dev.portshare.detect.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Headers of version 2, made piece by piece. */
public final class Headers {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

    private Headers() {}

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
