package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.isDigit;
import static dev.portshare.detect.ByteReader.isLetter;
import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises MikroTik's WinBox by its first message: user name and public key of EC-SRP5, as RouterOS takes it since
 * 6.43. Source: Margin Research, "MikroTik Authentication Revealed"; RouterOS documentation, "User" (names).
 */
public final class WinboxDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.WINBOX);
    private static final int AUTHENTICATION = 6;
    private static final int KEY = 32;
    /** Behind the name: a zero, the key, the parity of its other half. */
    private static final int REST = 1 + KEY + 1;

    @Override
    protected Detection read(ByteReader in) {
        int length = in.number(1, REST + 1, 0xFF);
        in.number(1, AUTHENTICATION, AUTHENTICATION);
        name(in, length - REST);
        in.pass("\0");
        in.skip(KEY);
        in.number(1, 0, 1);
        return MATCH;
    }

    /** Letters and digits, others only between them; "+r" at the end asks for RoMON. */
    private static void name(ByteReader in, int length) {
        for (int i = 0; i < length; i++) {
            int next = in.next();
            if (next == '+') {
                require(i > 0 && i == length - 2);
                in.pass("r");
                return;
            }
            boolean inside = 0 < i && i < length - 1;
            require(isLetter(next) || isDigit(next) || inside && "-#.@_".indexOf(next) >= 0);
        }
    }
}
