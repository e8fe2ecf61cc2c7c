package dev.portshare.detect;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the detectors in their written order; the first that does not answer NO_MATCH decides. A detector behind one that
 * still waits is not asked, so the verdict never depends on how TCP cut the bytes (docs/architecture.md, first law).
 */
public final class Classifier {
    private final List<NamedDetector> detectors;

    public Classifier(List<NamedDetector> detectors) {
        this.detectors = List.copyOf(detectors);
    }

    /**
     * All that {@code head}, from position to limit, may turn out to be while {@link #classify} needs more: what waits, the first
     * that matches behind it, and in any case {@code unrecognised}, since it may end here.
     */
    public List<Possibility> possibilities(ByteBuffer head) {
        int start = head.position();
        int end = head.limit();
        List<Possibility> possibilities = new ArrayList<>();
        possibilities.add(new Possibility(Detection.Match.of(Detectors.UNRECOGNISED), false));
        for (NamedDetector row : detectors) {
            Detection detection = row.detector().detect(head.limit(end).position(start));
            if (detection instanceof Detection.Match match) {
                possibilities.add(new Possibility(match, false));
                break;
            }
            if (detection == Detection.NEED_MORE) {
                possibilities.add(new Possibility(Detection.Match.of(row.name()), true));
            }
        }
        return possibilities;
    }

    /**
     * What {@code head}, from position to limit, is.
     *
     * @return the first match; NEED_MORE while a longer head could still be one; NO_MATCH once none can
     */
    public Detection classify(ByteBuffer head) {
        int start = head.position();
        int end = head.limit();
        for (NamedDetector row : detectors) {
            Detection detection = row.detector().detect(head.limit(end).position(start));
            if (detection != Detection.NO_MATCH) {
                return detection;
            }
        }
        return Detection.NO_MATCH;
    }
}
