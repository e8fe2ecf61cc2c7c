package dev.portshare.detect;

import java.nio.ByteBuffer;

/** A detector that reads a head from its first byte on, and never looks ahead: monotone by itself. */
public abstract class SequentialDetector implements Detector {
    @Override
    public final Detection detect(ByteBuffer head) {
        try {
            return read(new ByteReader(head));
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }

    /**
     * Reads what a client of the protocol sends first.
     *
     * @return the match
     * @throws ByteReader.Stop if the head does not begin so, or has not said enough yet
     */
    protected abstract Detection read(ByteReader in);
}
