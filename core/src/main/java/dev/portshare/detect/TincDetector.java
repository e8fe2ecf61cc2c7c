package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.isDigit;
import static dev.portshare.detect.ByteReader.isLetter;
import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises a tinc node, or one that was invited, by the line of its ID request. Source: tinc 1.0.36 and 1.1,
 * src/protocol_auth.c, src/invitation.c.
 */
public final class TincDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.TINC);
    /** A node's name is that of a file. */
    private static final int MAX_NAME = 255;
    /** An Ed25519 key of 32 bytes in base 64. */
    private static final int INVITATION_KEY = 43;

    @Override
    protected Detection read(ByteReader in) {
        in.pass("0 "); // ID is request 0
        int next = in.next();
        if (next == '?') {
            for (int i = 0; i < INVITATION_KEY; i++) {
                next = in.next();
                require(isLetter(next) || isDigit(next) || next == '+' || next == '/');
            }
            in.pass(" ");
        } else {
            for (int length = 0; next != ' ' || length == 0; length++) {
                require((isLetter(next) || isDigit(next) || next == '_') && length < MAX_NAME);
                next = in.next();
            }
        }
        in.pass("17"); // the major version since 1.0
        next = in.next();
        if (next == '.') {
            next = in.number(1, '0', '9');
            for (int digits = 1; next != '\n'; digits++) {
                require('0' <= next && next <= '9' && digits <= 3);
                next = in.next();
            }
        }
        require(next == '\n');
        return MATCH;
    }
}
