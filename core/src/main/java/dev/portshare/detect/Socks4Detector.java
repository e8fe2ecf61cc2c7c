package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

import java.nio.ByteBuffer;

/**
 * Recognises a SOCKS 4 or 4a client by its whole request (SOCKS: A protocol for TCP proxy across firewalls, and SOCKS 4A: A
 * Simple Extension, both by Ying-Da Lee). MATCH comes with its last byte.
 */
public final class Socks4Detector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.SOCKS4);

    private static final int VERSION = 4;
    private static final int CONNECT = 1;
    private static final int BIND = 2;
    /** Neither text says; a name in DNS has no more. */
    private static final int MAX_TEXT = 255;

    @Override
    public Detection detect(ByteBuffer head) {
        ByteReader in = new ByteReader(head);
        try {
            require(in.next() == VERSION);
            int command = in.next();
            require(command == CONNECT || command == BIND);
            in.nextShort(); // port
            int network = in.nextShort() << 8 | in.next();
            boolean isNamed = in.next() != 0 && network == 0; // 4a: no address of this form is in use
            passText(in, 0);
            if (isNamed) {
                passText(in, 1);
            }
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }

    /** The user's name, or the host's, up to the NUL after it. */
    private static void passText(ByteReader in, int min) {
        for (int length = 0; ; length++) {
            int c = in.next();
            if (c == 0) {
                require(length >= min);
                return;
            }
            require(length < MAX_TEXT && c >= ' ' && c != 0x7F);
        }
    }
}
