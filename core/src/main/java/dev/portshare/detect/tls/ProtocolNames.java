package dev.portshare.detect.tls;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * A client's ALPN names, one char a byte (ISO 8859-1); unmodifiable. They stay bytes, as they came, and become text when
 * asked for: they are kept as long as the connection lives, and as 32,000 strings of a byte each they would take up fifty
 * times their size.
 */
final class ProtocolNames extends AbstractList<String> implements RandomAccess {
    private final byte[] bytes;
    /** Where each name ends in {@link #bytes}; a char, since a list has at most 65,535 bytes. */
    private final char[] ends;

    /**
     * Takes over both arrays.
     *
     * @param bytes the names, one behind the other
     * @param ends  where each of them ends
     */
    ProtocolNames(byte[] bytes, char[] ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    @Override
    public String get(int index) {
        int start = index == 0 ? 0 : ends[index - 1];
        return new String(bytes, start, ends[index] - start, StandardCharsets.ISO_8859_1);
    }

    @Override
    public int size() {
        return ends.length;
    }
}
