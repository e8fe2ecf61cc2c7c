package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises a Remote Desktop client by its X.224 connection request, whole. Source: MS-RDPBCGR, 2.2.1.1; RFC 1006, 6
 * (TPKT); ITU-T X.224, 13.3.
 */
public final class RdpDetector extends SequentialDetector {
    /** TPKT's header of 4 bytes, and the fixed part of the request, its length among it. */
    private static final int HEADERS = 4 + 7;
    /** The request's own length is one byte, and 255 is reserved. */
    private static final int MAX_LENGTH = 5 + 254;

    private static final int NEGOTIATION = 1;
    private static final int NEGOTIATION_LENGTH = 8;
    private static final int CORRELATION_LENGTH = 36;
    /** Restricted admin, redirected authentication, correlation info. */
    private static final int FLAGS = 0x01 | 0x02 | 0x08;

    private static final int CORRELATION = 0x08;
    private static final String ZEROS = "\0".repeat(16);
    private static final int CR = '\r';
    private static final String COOKIE = "Cookie: ";
    private static final String USER = "mstshash=";

    @Override
    protected Detection read(ByteReader in) {
        in.pass("\3\0");
        int length = in.number(2, HEADERS, MAX_LENGTH);
        int left = length - HEADERS;
        require(left != 1 && left != 2); // too short for a line
        in.number(1, length - 5, length - 5);
        in.pass("\u00e0\0\0"); // connection request, no credit; destination reference
        in.skip(2); // source reference
        in.pass("\0"); // class 0, no options
        int line = 0;
        if (left > 0) {
            int first = in.next();
            if (first == NEGOTIATION) {
                negotiation(in, left);
            } else {
                line = line(in, first, left);
                if (left > line) {
                    in.pass("\1");
                    negotiation(in, left - line);
                }
            }
        }
        return Detection.Match.rdp(line == 0 ? null : cookie(in.text(HEADERS, HEADERS + line - 2)));
    }

    /** The user's name behind {@code mstshash=}; a routing token as it is. */
    private static String cookie(String line) {
        String bare = line.startsWith(COOKIE) ? line.substring(COOKIE.length()) : line;
        return bare.startsWith(USER) ? bare.substring(USER.length()) : bare;
    }

    /**
     * Passes the cookie or routing token, which CR LF ends, and of which {@code first} has been read.
     *
     * @param left the bytes from {@code first} to the request's end
     * @return its length, CR LF among it
     */
    private static int line(ByteReader in, int first, int left) {
        int length = 0;
        int next = first;
        while (next != CR || length == 0) {
            // A byte after it is left for LF, and before that one for CR.
            require(next >= 0x20 && next != 0x7F && left - length > 2);
            length++;
            next = in.next();
        }
        require(endsWithNegotiation(left - length - 2) || left - length == 2);
        in.pass("\n");
        return length + 2;
    }

    private static boolean endsWithNegotiation(int left) {
        return left == NEGOTIATION_LENGTH || left == NEGOTIATION_LENGTH + CORRELATION_LENGTH;
    }

    /** Passes the negotiation request, of which the first byte has been read, and ends with the request. */
    private static void negotiation(ByteReader in, int left) {
        require(endsWithNegotiation(left));
        int flags = in.number(1, 0, FLAGS);
        require((flags & ~FLAGS) == 0 && (flags & CORRELATION) != 0 == left > NEGOTIATION_LENGTH);
        in.pass("\10\0");
        in.next(); // one bit a security protocol
        in.pass("\0\0\0");
        if (left > NEGOTIATION_LENGTH) {
            in.pass("\6\0\44\0");
            in.skip(16); // the correlation's id
            in.pass(ZEROS);
        }
    }
}
