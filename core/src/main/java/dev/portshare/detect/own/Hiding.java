package dev.portshare.detect.own;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What one detector of the route file leaves to those behind it. */
public final class Hiding {
    /** So many bytes are tried with every other value in their place. */
    private static final int MAX_TRIED = 64;

    private Hiding() {}

    /**
     * Whether {@code front} matches every client that {@code behind} would, and not later, so that the latter never gets one. True
     * if that is proven; where it is not, it may still be so.
     */
    public static boolean hides(Detector front, Detector behind) {
        return switch (behind) {
            case BytesDetector bytes when front instanceof BytesDetector other && other.isWithin(bytes) -> true;
            case BytesDetector bytes
            when bytes.isExact() -> front.detect(ByteBuffer.wrap(bytes.bytes())) instanceof Detection.Match;
            case RegexDetector regex when front instanceof RegexDetector other && other.isSame(regex) -> true;
            default ->
                front instanceof BytesDetector bytes
                        && bytes.isExact()
                        && bytes.bytes().length <= MAX_TRIED
                        && asksFor(bytes.bytes(), behind);
        };
    }

    /** Whether {@code detector} refuses whatever differs from {@code bytes} with the byte that does, and matches none of them earlier. */
    private static boolean asksFor(byte[] bytes, Detector detector) {
        for (int at = 0; at < bytes.length; at++) {
            byte[] head = Arrays.copyOf(bytes, at + 1);
            if (at + 1 < bytes.length && detector.detect(ByteBuffer.wrap(head)) instanceof Detection.Match) {
                return false;
            }
            for (int other = 1; other <= 0xFF; other++) {
                head[at] = (byte) (bytes[at] ^ other);
                if (detector.detect(ByteBuffer.wrap(head)) != Detection.NO_MATCH) {
                    return false;
                }
            }
        }
        return true;
    }
}
