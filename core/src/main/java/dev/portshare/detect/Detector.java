package dev.portshare.detect;

import java.nio.ByteBuffer;

/**
 * Tells whether a head begins one protocol.
 *
 * <p>A detector is pure, and monotone: once it answers MATCH or NO_MATCH for a head, it answers the same for every longer
 * head that starts with it. It refuses (NO_MATCH) with the first byte that rules the protocol out, and allocates nothing in
 * proportion to a length that the head merely claims.
 */
@FunctionalInterface
public interface Detector {
    /**
     * Looks at the bytes from position to limit.
     *
     * @param head what the client has sent so far, possibly nothing; position and limit may be moved
     */
    Detection detect(ByteBuffer head);
}
