package dev.portshare.detect.proxy;

import static dev.portshare.detect.proxy.HeaderBytes.require;

import dev.portshare.session.Endpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Version 2: 16 bytes, a block of addresses, and TLVs (proxy-protocol.txt, 2.2). */
final class BinaryHeader {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final int FIXED = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPEC = 0;
    private static final int INET = 1;
    private static final int UNIX = 3;
    private static final int DGRAM = 2;
    /** The address blocks by family; a block of {@link #UNSPEC} has no form that is known. */
    private static final int[] BLOCKS = {0, 12, 36, 216};

    private static final int SUN_PATH = 108;
    private static final int CRC32C_TYPE = 3;
    private static final int CRC32C_LENGTH = 4;
    private static final byte[] ZEROES = new byte[CRC32C_LENGTH];

    private BinaryHeader() {}

    static ProxyHeader read(HeaderBytes bytes) {
        bytes.text(SIGNATURE);
        int command = bytes.next();
        require(command == LOCAL || command == PROXY);
        int kind = bytes.next();
        int family = kind >> 4;
        int transport = kind & 0xf;
        require(command == LOCAL || family <= UNIX && transport <= DGRAM);
        boolean isIgnored = command == LOCAL || family == UNSPEC || transport == UNSPEC;
        int block = isIgnored ? 0 : BLOCKS[family];
        int length = bytes.next() << 8;
        require(length <= ProxyHeader.MAX_LENGTH - FIXED);
        length |= bytes.next();
        require(length <= ProxyHeader.MAX_LENGTH - FIXED && length >= block);
        if (isIgnored) {
            bytes.skip(length);
            return ProxyHeader.of(bytes.copy(), ProxyAddresses.OWN, 0);
        }
        require(isRoom(length - block));
        bytes.skip(block);
        checkTlvs(bytes, FIXED + length);
        return ProxyHeader.of(bytes.copy(), addresses(bytes.passed(FIXED, block), family), length - block);
    }

    /** Whether so many bytes can be TLVs, or none. */
    private static boolean isRoom(int bytes) {
        return bytes == 0 || bytes >= ProxyHeader.TLV_HEADER;
    }

    /** Passes the TLVs up to {@code end}, where the last one must end too; where one is a checksum, it must be right. */
    private static void checkTlvs(HeaderBytes bytes, int end) {
        int checksum = -1;
        while (bytes.place() < end) {
            int rest = end - bytes.place() - ProxyHeader.TLV_HEADER;
            boolean isChecksum = bytes.next() == CRC32C_TYPE;
            require(!isChecksum || checksum < 0 && rest >= CRC32C_LENGTH && isRoom(rest - CRC32C_LENGTH));
            int length = bytes.next() << 8;
            require(length <= (isChecksum ? 0 : rest));
            length |= bytes.next();
            require(isChecksum ? length == CRC32C_LENGTH : length <= rest && isRoom(rest - length));
            if (isChecksum) {
                checksum = bytes.place();
            }
            bytes.skip(length);
        }
        if (checksum >= 0) {
            require(crc32c(bytes, checksum, end)
                    == bytes.passed(checksum, CRC32C_LENGTH).getInt());
        }
    }

    /** Over the whole header, with zeroes in place of the checksum. */
    private static int crc32c(HeaderBytes bytes, int checksum, int end) {
        int behind = checksum + CRC32C_LENGTH;
        CRC32C crc = new CRC32C();
        crc.update(bytes.passed(0, checksum));
        crc.update(ZEROES);
        crc.update(bytes.passed(behind, end - behind));
        return (int) crc.getValue();
    }

    private static ProxyAddresses addresses(ByteBuffer block, int family) {
        if (family == UNIX) {
            return new ProxyAddresses.Unix(path(block), path(block));
        }
        Endpoint source = address(block, family);
        Endpoint destination = address(block, family);
        return new ProxyAddresses.Inet(
                source.withPort(Short.toUnsignedInt(block.getShort())),
                destination.withPort(Short.toUnsignedInt(block.getShort())));
    }

    private static Endpoint address(ByteBuffer block, int family) {
        return family == INET ? Endpoint.ipv4(block.getInt(), 0) : new Endpoint(block.getLong(), block.getLong(), 0, 0);
    }

    private static String path(ByteBuffer block) {
        byte[] path = new byte[SUN_PATH];
        block.get(path);
        boolean isAbstract = path[0] == 0 && path[1] != 0;
        int end = isAbstract ? 1 : 0;
        while (end < SUN_PATH && path[end] != 0) {
            end++;
        }
        String text = new String(path, 0, end, StandardCharsets.ISO_8859_1);
        return isAbstract ? "@" + text.substring(1) : text;
    }
}
