package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.isPrintable;
import static dev.portshare.detect.ByteReader.require;

import java.nio.ByteBuffer;

/**
 * Recognises an XMPP client or server by the stream that it opens (RFC 6120, 4.2 and 11.5). MATCH comes with the white space
 * behind the tag's name: no other protocol begins with one so called.
 */
public final class XmppDetector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.XMPP);

    /** Of an XML declaration, in bytes: its three attributes take up less than half. */
    private static final int MAX_DECLARATION = 128;
    /** Of white space behind it. */
    private static final int MAX_SPACE = 16;

    @Override
    public Detection detect(ByteBuffer head) {
        ByteReader in = new ByteReader(head);
        try {
            require(in.next() == '<');
            int c = in.next();
            if (c == '?') {
                passDeclaration(in);
                c = in.next();
                for (int count = 0; isSpace(c); count++) {
                    require(count < MAX_SPACE);
                    c = in.next();
                }
                require(c == '<');
                c = in.next();
            }
            require(c == 's');
            in.pass("tream:stream");
            require(isSpace(in.next()));
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }

    /** The rest of {@code <?xml version='1.0'?>} (XML 1.0, 2.8). */
    private static void passDeclaration(ByteReader in) {
        in.pass("xml");
        require(isSpace(in.next()));
        while (true) {
            int c = in.next();
            if (c == '?') {
                in.pass(">");
                return;
            }
            require(in.count() < MAX_DECLARATION - 1 && c != '<' && c != '>' && (isPrintable(c) || isSpace(c)));
        }
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
