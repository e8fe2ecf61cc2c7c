package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises an Android debug bridge host by its CNXN message up to the word {@code host:}. Source: Android,
 * packages/modules/adb, docs/dev/protocol.md, adb.h.
 */
public final class AdbDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.ADB);
    private static final String CONNECT = "CNXN";
    /** Every bit of the command inverted. */
    private static final String MAGIC = "\u00bc\u00b1\u00a7\u00b1";

    private static final String HOST = "host:";
    private static final int MAX_PAYLOAD = 4096;
    /** Version 26 sent a message of zeros first, with its magic. */
    private static final String REST_OF_EMPTY = "\0".repeat(19) + "\u00ff\u00ff\u00ff\u00ff";

    @Override
    protected Detection read(ByteReader in) {
        int first = in.next();
        if (first == 0) {
            in.pass(REST_OF_EMPTY);
            first = in.next();
        }
        require(first == CONNECT.charAt(0));
        in.pass("NXN");
        in.number(1, 0, 1); // version 0x01000000 or 0x01000001; all numbers begin with their lowest byte
        in.pass("\0\0\1");
        in.skip(3); // how much the host takes at once, less than 16 MiB
        in.pass("\0");
        payloadLength(in);
        in.skip(2); // the sum of the payload's bytes, if it is used
        in.number(1, 0, MAX_PAYLOAD * 0xFF >> 16);
        in.pass("\0");
        in.pass(MAGIC);
        in.pass(HOST);
        return MATCH;
    }

    private static void payloadLength(ByteReader in) {
        int low = in.next();
        int length = in.next() << 8 | low;
        require(HOST.length() <= length && length <= MAX_PAYLOAD);
        in.pass("\0\0");
    }
}
