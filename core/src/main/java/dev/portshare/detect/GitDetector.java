package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.isHexDigit;
import static dev.portshare.detect.ByteReader.require;

import java.nio.ByteBuffer;

/**
 * Recognises a client of {@code git://} by its whole request, one pkt-line (git, Documentation/gitprotocol-pack.adoc and
 * gitprotocol-common.adoc). MATCH comes with its last byte.
 */
public final class GitDetector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.GIT);

    /** The digits of the length, which counts them. */
    private static final int DIGITS = 4;
    /** A blank, the shortest path, {@code /}, and the NUL behind it. */
    private static final int MIN_ARGUMENTS = 3;

    private static final int MIN = DIGITS + "git-upload-pack".length() + MIN_ARGUMENTS;
    /** In bytes; the format allows 65,520. A path has at most 4,096 on Linux, and nobody names a repository so. */
    private static final int MAX = 0x0FFF;

    @Override
    public Detection detect(ByteBuffer head) {
        ByteReader in = new ByteReader(head);
        try {
            int length = length(in);
            passService(in, length);
            in.pass(" ");
            int root = in.next();
            require(root == '/' || root == '~'); // a client sends git://host/~user without the slash
            while (in.count() < length - 1) {
                int c = in.next();
                if (c == 0) {
                    passParameters(in, length);
                    return MATCH;
                }
                require(c >= ' ' && c != 0x7F);
            }
            in.pass("\0");
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }

    /** Four hexadecimal digits, from {@link #MIN} to {@link #MAX}; refused with the first that leaves that range. */
    private static int length(ByteReader in) {
        int length = 0;
        for (int bitsLeft = 4 * (DIGITS - 1); bitsLeft >= 0; bitsLeft -= 4) {
            int c = in.next();
            require(isHexDigit(c));
            length = length << 4 | Character.digit(c, 16);
            require(length << bitsLeft <= MAX && (length + 1) << bitsLeft > MIN);
        }
        return length;
    }

    /** {@code git-upload-pack}, {@code git-upload-archive} or {@code git-receive-pack}, if its length leaves room for them. */
    private static void passService(ByteReader in, int length) {
        in.pass("git-");
        int c = in.next();
        if (c == 'r') {
            require(length > MIN);
            in.pass("eceive-pack");
            return;
        }
        require(c == 'u');
        in.pass("pload-");
        c = in.next();
        if (c == 'a') {
            require(length >= MIN + "archive".length() - "pack".length());
            in.pass("rchive");
        } else {
            require(c == 'p');
            in.pass("ack");
        }
    }

    /** {@code host=...} and others such as {@code version=2}, each with a NUL behind it; one more may stand between. */
    private static void passParameters(ByteReader in, int length) {
        while (in.count() < length - 1) {
            int c = in.next();
            require(c == 0 || (c >= ' ' && c != 0x7F));
        }
        if (in.count() < length) {
            in.pass("\0");
        }
    }
}
