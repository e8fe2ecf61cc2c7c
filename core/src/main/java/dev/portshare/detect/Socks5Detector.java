package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

import java.nio.ByteBuffer;

/** Recognises a SOCKS 5 client by the methods of authentication that it offers (RFC 1928, 3). MATCH comes with the last. */
public final class Socks5Detector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.SOCKS5);

    private static final int VERSION = 5;
    /** The last one that is assigned (IANA, SOCKS Methods). */
    private static final int JSON_PARAMETER_BLOCK = 9;

    private static final int FIRST_PRIVATE = 0x80;
    /** Says in the server's answer that none will do. */
    private static final int NO_ACCEPTABLE = 0xFF;

    @Override
    public Detection detect(ByteBuffer head) {
        ByteReader in = new ByteReader(head);
        try {
            require(in.next() == VERSION);
            int count = in.next();
            require(count > 0);
            for (int i = 0; i < count; i++) {
                int method = in.next();
                require(method <= JSON_PARAMETER_BLOCK || (method >= FIRST_PRIVATE && method != NO_ACCEPTABLE));
            }
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }
}
