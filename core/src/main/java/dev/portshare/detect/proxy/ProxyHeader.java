package dev.portshare.detect.proxy;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy sends before its client's bytes (HAProxy's doc/proxy-protocol.txt, versions 1 and 2).
 *
 * @param bytes     it as it came
 * @param addresses whose connection it is
 * @param tlvs      the part of it that version 2 says besides: types, lengths and values one after the other, which fit together
 */
public record ProxyHeader(ByteBuffer bytes, ProxyAddresses addresses, ByteBuffer tlvs) implements ProxyReading {
    /** The most that a header may be in bytes: twenty times what HAProxy sends with all that it knows of a certificate. */
    public static final int MAX_LENGTH = 4096;

    static final int TLV_HEADER = 3;

    /**
     * Reads the header that {@code head}, from position to limit, begins with. Monotone: once it answers a header or NO_HEADER,
     * it answers the same for whatever is longer and begins so. It answers NO_HEADER with the first byte that no header has
     * there; a checksum that does not fit, with the header's last byte.
     */
    public static ProxyReading read(ByteBuffer head) {
        if (!head.hasRemaining()) {
            return NEED_MORE;
        }
        HeaderBytes bytes = new HeaderBytes(head);
        try {
            return head.get(head.position()) == TextHeader.FIRST ? TextHeader.read(bytes) : BinaryHeader.read(bytes);
        } catch (HeaderBytes.Stop e) {
            return e.reading();
        }
    }

    public ProxyHeader {
        bytes = bytes.asReadOnlyBuffer();
        tlvs = tlvs.asReadOnlyBuffer();
    }

    /** {@code bytes}, of which {@code tlvs} are the last so many. */
    static ProxyHeader of(ByteBuffer bytes, ProxyAddresses addresses, int tlvs) {
        return new ProxyHeader(bytes, addresses, bytes.slice(bytes.limit() - tlvs, tlvs));
    }

    /** How many bytes of the connection it is. */
    public int length() {
        return bytes.remaining();
    }

    /** A view of its own for each who asks. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** A view of its own for each who asks. */
    @Override
    public ByteBuffer tlvs() {
        return tlvs.duplicate();
    }

    /**
     * The value of the first TLV of {@code type}; null where there is none.
     *
     * @param type 0 to 255, such as 0x20 for what is known of TLS
     */
    public @Nullable ByteBuffer tlv(int type) {
        ByteBuffer rest = tlvs();
        while (rest.hasRemaining()) {
            int found = Byte.toUnsignedInt(rest.get());
            int length = Short.toUnsignedInt(rest.getShort());
            if (found == type) {
                return rest.slice(rest.position(), length);
            }
            rest.position(rest.position() + length);
        }
        return null;
    }
}
