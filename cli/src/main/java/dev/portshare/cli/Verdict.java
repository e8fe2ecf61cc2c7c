package dev.portshare.cli;

import dev.portshare.connection.Loop;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.detect.Possibility;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What is known of a connection from its head alone.
 *
 * @param match {@code unrecognised} where no detector has one
 * @param waits whether more bytes could still change it
 */
record Verdict(Detection.Match match, boolean waits) {
    private static final Detection.Match UNRECOGNISED = Detection.Match.of(Detectors.UNRECOGNISED);

    /** What the program would make of {@code head} with {@code detectors}, if nothing more came. */
    static Verdict of(byte[] head, List<NamedDetector> detectors) {
        byte[] read = Arrays.copyOf(head, Math.min(head.length, Loop.HEAD_LIMIT));
        return switch (new Classifier(detectors).classify(ByteBuffer.wrap(read))) {
            case Detection.Match match -> new Verdict(match, false);
            case Detection.Undecided.NO_MATCH -> new Verdict(UNRECOGNISED, false);
            case Detection.Undecided.NEED_MORE -> new Verdict(UNRECOGNISED, read.length < Loop.HEAD_LIMIT);
        };
    }

    /** All that {@code head} may turn out to be. */
    static List<Possibility> possibilities(byte[] head, List<NamedDetector> detectors) {
        return new Classifier(detectors).possibilities(ByteBuffer.wrap(head));
    }

    /** What {@code row} says of {@code head}, and with which byte it knew: the shortest prefix that gets the same answer. */
    static String of(NamedDetector row, byte[] head) {
        Detection detection = detect(row, head, head.length);
        if (detection == Detection.NEED_MORE) {
            return "waits: %d %s could still become it".formatted(head.length, head.length == 1 ? "byte" : "bytes");
        }
        // Detectors are monotone, so the place where the answer changed can be searched by halves.
        int undecided = -1;
        int decided = head.length;
        while (decided - undecided > 1) {
            int middle = (undecided + decided) >>> 1;
            if (detect(row, head, middle) == Detection.NEED_MORE) {
                undecided = middle;
            } else {
                decided = middle;
            }
        }
        return detection == Detection.NO_MATCH
                ? "no: byte %d (0x%02x) rules it out".formatted(decided - 1, head[decided - 1])
                : "yes, at byte %d".formatted(decided - 1);
    }

    private static Detection detect(NamedDetector row, byte[] head, int length) {
        return row.detector().detect(ByteBuffer.wrap(head, 0, length));
    }
}
