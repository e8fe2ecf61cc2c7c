package dev.portshare.backend;

import dev.portshare.session.Endpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A header of version 2 in the making (proxy-protocol.txt, 2.2): 16 bytes, the addresses, and TLVs. Its text is written as it was
 * read, one byte a char (ISO 8859-1).
 */
final class BinaryClientHeader {
    /**
     * Of a client that has no address. {@code LOCAL} and nothing behind it: a receiver may refuse what is {@code PROXY} without a known
     * family, and must skip all that follows {@code LOCAL}.
     */
    static final byte[] LOCAL = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n', 0x20, 0, 0, 0};

    private static final int VERSION = 12;
    private static final int LENGTH = 14;
    private static final byte PROXY = 0x21;
    private static final byte TCP4 = 0x11;
    private static final byte TCP6 = 0x21;
    private static final byte ALPN = 1;
    private static final byte AUTHORITY = 2;
    private static final byte CHECKSUM = 3;
    private static final byte UNIQUE_ID = 5;
    private static final byte TLS = 0x20;
    private static final byte TLS_VERSION = 0x21;
    private static final byte TLS_NAME = 0x22;
    private static final byte TLS_CIPHER = 0x23;
    private static final byte BY_TLS = 1;
    /** With a certificate on this connection, and in this session. */
    private static final byte WITH_CERTIFICATE = 2 | 4;
    /** The longest that a host name (RFC 1035, 2.3.4) or an ALPN name (RFC 7301, 3.1) is; HAProxy refuses longer ones. */
    private static final int LONGEST = 255;

    private static final int ADDRESSES = 36;
    private static final int TLV_HEADER = 3;
    private static final int MOST = LOCAL.length + ADDRESSES + 8 * TLV_HEADER + 3 * LONGEST + 128 + 2 * Integer.BYTES;

    private final ByteBuffer header = ByteBuffer.allocate(MOST);

    BinaryClientHeader(Endpoint client, Endpoint local) {
        header.put(LOCAL);
        boolean isIpv4 = client.isIpv4() && local.isIpv4();
        header.put(VERSION, PROXY).put(VERSION + 1, isIpv4 ? TCP4 : TCP6);
        address(client, isIpv4);
        address(local, isIpv4);
        header.putShort((short) client.port()).putShort((short) local.port());
    }

    private void address(Endpoint endpoint, boolean isIpv4) {
        if (isIpv4) {
            header.putInt((int) endpoint.low());
        } else {
            header.putLong(endpoint.high()).putLong(endpoint.low());
        }
    }

    /** The server name as the client sent it; one that is no host name by its length is left out. */
    void authority(@Nullable String serverName) {
        if (serverName != null && !serverName.isEmpty() && serverName.length() <= LONGEST) {
            tlv(AUTHORITY, serverName);
        }
    }

    /**
     * The protocol "in use over the connection" (2.2.1). Which one that will be is for the backend to choose, which ends TLS; it is known
     * where there is one to choose from.
     */
    void applicationProtocol(List<String> offered) {
        if (offered.size() == 1 && offered.getFirst().length() <= LONGEST) {
            tlv(ALPN, offered.getFirst());
        }
    }

    /** What tells this connection from all others; at most 64 characters. */
    void uniqueId(String id) {
        tlv(UNIQUE_ID, id);
    }

    /**
     * The client came by TLS, which was ended (2.2.5).
     *
     * @param version    such as {@code TLSv1.3}
     * @param commonName of its certificate, which was found good, empty where that has none; null: it has shown none
     */
    void tls(String version, String cipher, @Nullable String commonName) {
        header.put(TLS);
        int start = header.position();
        header.putShort((short) 0);
        header.put(commonName == null ? BY_TLS : BY_TLS | WITH_CERTIFICATE);
        header.putInt(commonName == null ? 1 : 0);
        tlv(TLS_VERSION, version);
        tlv(TLS_CIPHER, cipher);
        if (commonName != null && !commonName.isEmpty()) {
            byte[] name = commonName.getBytes(StandardCharsets.UTF_8);
            if (name.length <= LONGEST) {
                tlv(TLS_NAME, name);
            }
        }
        header.putShort(start, (short) (header.position() - start - Short.BYTES));
    }

    private void tlv(byte type, String value) {
        tlv(type, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void tlv(byte type, byte[] bytes) {
        header.put(type).putShort((short) bytes.length).put(bytes);
    }

    /** The whole; with a checksum over it, if it is to be {@code sealed} (2.2.3). */
    byte[] bytes(boolean sealed) {
        if (sealed) {
            header.put(CHECKSUM).putShort((short) Integer.BYTES).putInt(0);
        }
        int end = header.position();
        header.putShort(LENGTH, (short) (end - LOCAL.length));
        if (sealed) {
            CRC32C crc = new CRC32C();
            crc.update(header.array(), 0, end);
            header.putInt(end - Integer.BYTES, (int) crc.getValue());
        }
        return Arrays.copyOf(header.array(), end);
    }
}
