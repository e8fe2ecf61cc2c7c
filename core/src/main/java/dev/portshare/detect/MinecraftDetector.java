package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises a client of Minecraft's Java edition by its handshake, whole, or by the first two bytes of the server list
 * ping that 1.4 to 1.6 sent, and newer ones try last. Source: minecraft.wiki, "Java Edition protocol", "Handshake",
 * "Server list ping".
 */
public final class MinecraftDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.MINECRAFT);
    private static final int LEGACY_PING = 0xFE;
    /** Behind the address: port, and what comes next. */
    private static final int PORT_AND_NEXT = 2 + 1;
    /** The address at its shortest with all that follows: one byte, its length in front. */
    private static final int MIN_ADDRESS = 1 + 1 + PORT_AND_NEXT;

    private static final int MIN_LENGTH = 1 + 1 + MIN_ADDRESS;
    /** An address of 255 characters of four bytes, and every number at its longest. */
    private static final int MAX_LENGTH = 1 + 5 + 2 + 255 * 4 + PORT_AND_NEXT;
    /** Too much for an address that is 127 bytes long, too little for 128, whose length takes one more byte. */
    private static final int NO_ADDRESS = 1 + 128 + PORT_AND_NEXT;

    @Override
    protected Detection read(ByteReader in) {
        int length = in.next();
        if (length >= 0x80) {
            int high = in.number(1, 1, MAX_LENGTH >> 7);
            if (length == LEGACY_PING && high == 1) {
                return MATCH;
            }
            length = high << 7 | length & 0x7F;
        }
        require(MIN_LENGTH <= length && length <= MAX_LENGTH);
        in.pass("\0"); // the handshake's number
        int left = version(in, length - 1);
        int address = left - 1 - PORT_AND_NEXT;
        if (address < 0x80) {
            in.number(1, address, address);
        } else {
            address--;
            in.number(1, 0x80 | address & 0x7F, 0x80 | address & 0x7F);
            in.number(1, address >> 7, address >> 7);
        }
        address(in, address);
        in.skip(2);
        in.number(1, 1, 3); // status, login, transfer
        return MATCH;
    }

    /**
     * Passes the protocol's version, 32 bits, seven a byte, the lowest first; the eighth says that another follows.
     *
     * @return what is left of {@code length}
     */
    private static int version(ByteReader in, int length) {
        int left = length;
        for (int bytes = 1; ; bytes++) {
            int next = in.next();
            left--;
            if (next < 0x80) {
                require((next > 0 || bytes == 1) && (next < 0x10 || bytes < 5) && left != NO_ADDRESS);
                return left;
            }
            require(bytes < 5 && left > MIN_ADDRESS);
        }
    }

    /** Text; Forge and proxies add more behind a zero. */
    private static void address(ByteReader in, int length) {
        for (int i = 0; i < length; i++) {
            int next = in.next();
            require(next > 0x20 && next != 0x7F || next == 0 && i > 0);
        }
    }
}
