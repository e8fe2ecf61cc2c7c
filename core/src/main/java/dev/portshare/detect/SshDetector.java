package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.isDigit;
import static dev.portshare.detect.ByteReader.isPrintable;
import static dev.portshare.detect.ByteReader.require;

import java.nio.ByteBuffer;

/**
 * Recognises an SSH client by its identification (RFC 4253, 4.2), which must come first: the lines that may stand before it
 * are the server's alone. MATCH comes with the line's end.
 */
public final class SshDetector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.SSH);

    /** In bytes, with its end (RFC 4253, 4.2). */
    private static final int MAX_LINE = 255;

    @Override
    public Detection detect(ByteBuffer head) {
        ByteReader in = new ByteReader(head);
        try {
            in.pass("SSH-");
            passVersion(in);
            int c = in.next();
            require(isPrintable(c)); // a software version has at least one character
            in.passLine(c, MAX_LINE);
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }

    /** {@code 2.0-}, or 1 and a minor version of one or two digits: 1.99 speaks both, and 1.3 and 1.5 are SSH 1. */
    private static void passVersion(ByteReader in) {
        int major = in.next();
        require(major == '1' || major == '2');
        in.pass(".");
        if (major == '2') {
            in.pass("0-");
            return;
        }
        require(isDigit(in.next()));
        int c = in.next();
        if (isDigit(c)) {
            c = in.next();
        }
        require(c == '-');
    }
}
