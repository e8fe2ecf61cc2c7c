package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises an SMB client by the header of its negotiate request, SMB1 or SMB2, or by the whole session request that a
 * NetBIOS client sends before. Source: MS-CIFS, 2.2.3.1; MS-SMB2, 2.1, 2.2.1.2; RFC 1002, 4.3.1, 4.3.2, 4.1.
 */
public final class SmbDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.SMB);
    private static final int MESSAGE = 0;
    private static final int SESSION_REQUEST = 0x81;
    private static final int SMB1 = 0xFF;
    private static final int SMB2 = 0xFE;
    /** Header, no words, the length of no bytes. */
    private static final int MIN_SMB1 = 32 + 1 + 2;
    /** Header, the fixed part of the request, one dialect. */
    private static final int MIN_SMB2 = 64 + 36 + 2;

    @Override
    protected Detection read(ByteReader in) {
        int type = in.next();
        if (type == MESSAGE) {
            negotiate(in);
        } else {
            require(type == SESSION_REQUEST);
            in.pass("\0\0\104"); // flags; 68 bytes
            name(in);
            name(in);
        }
        return MATCH;
    }

    private static void negotiate(ByteReader in) {
        in.pass("\0"); // of three bytes of length: no client offers 64 KiB of dialects
        int length = in.number(2, MIN_SMB1, 0xFFFF);
        int version = in.number(1, length < MIN_SMB2 ? SMB1 : SMB2, SMB1);
        in.pass("SMB");
        if (version == SMB1) {
            in.pass("r\0\0\0\0"); // negotiate; no status
            in.number(1, 0, 0x7F); // flags: no reply
        } else {
            in.pass("@\0"); // a header of 64 bytes
            in.skip(2); // credit charge
            in.pass("\0\0\0\0\0\0"); // no status; negotiate
        }
    }

    /** A name of 16 bytes, each in two letters, and no scope. */
    private static void name(ByteReader in) {
        in.pass(" "); // 32 bytes
        for (int i = 0; i < 32; i++) {
            in.number(1, 'A', 'P');
        }
        in.pass("\0");
    }
}
