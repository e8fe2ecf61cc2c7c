package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises a STUN or TURN client by its first request, whole: Binding, Allocate, or ConnectionBind on a connection for
 * data. Source: RFC 8489, 5, 14; RFC 8656, 17; RFC 6062, 6.
 */
public final class StunDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.STUN);
    private static final int BINDING = 0x01;
    private static final int ALLOCATE = 0x03;
    private static final int CONNECTION_BIND = 0x0B;
    private static final String MAGIC_COOKIE = "!\u0012\u00a4B";
    private static final int TRANSACTION_ID = 12;
    private static final int ATTRIBUTE_HEADER = 4;

    @Override
    protected Detection read(ByteReader in) {
        in.pass("\0");
        int method = in.next();
        require(method == BINDING || method == ALLOCATE || method == CONNECTION_BIND);
        int left = in.number(2, 0, 0xFFFC);
        require(left % 4 == 0);
        in.pass(MAGIC_COOKIE);
        in.skip(TRANSACTION_ID);
        while (left > 0) {
            in.skip(2);
            int length = in.number(2, 0, left - ATTRIBUTE_HEADER);
            int padded = length + 3 & ~3;
            in.skip(padded);
            left -= ATTRIBUTE_HEADER + padded;
        }
        return MATCH;
    }
}
