package dev.portshare.detect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * When a detector that is fed byte by byte decides, and how.
 *
 * @param index     of the byte that decided; -1 if none did
 * @param detection the verdict; NEED_MORE if there was none
 */
public record Decision(int index, Detection detection) {
    /** No byte decided. */
    public static final Decision NONE = new Decision(-1, Detection.NEED_MORE);

    public static Decision of(Detector detector, byte[] head) {
        for (int size = 0; size <= head.length; size++) {
            Detection detection = detector.detect(ByteBuffer.wrap(head, 0, size));
            if (detection != Detection.NEED_MORE) {
                return new Decision(size - 1, detection);
            }
        }
        return NONE;
    }

    /** Of a head with one char a byte (ISO 8859-1). */
    public static Decision of(Detector detector, String head) {
        return of(detector, head.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static Decision matchedAt(int index, String protocol) {
        return new Decision(index, Detection.Match.of(protocol));
    }

    /** Of a head in hexadecimal, in which blanks mean nothing. */
    public static Decision ofHex(Detector detector, String hex) {
        return of(detector, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    public static Decision refusedAt(int index) {
        return new Decision(index, Detection.NO_MATCH);
    }
}
