package dev.portshare.it.probe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a client saw. Times are counted from the connection.
 *
 * @param received all that came
 * @param first    when the first byte came; null: none did
 * @param end      when reading ended; null: it did not
 * @param refused  when a write failed; null: none did
 * @param writes   how many it tried
 */
public record Sight(byte[] received, Ending ending, Duration first, Duration end, Duration refused, int writes) {
    /** Of a client that did not stay. */
    static final Sight NONE = new Sight(new byte[0], Ending.OPEN, null, null, null, 0);

    private static final Pattern DATE = Pattern.compile("\r\nDate: [^\r]*");
    /** A DER-encoded ECDSA signature of a P-256 key is 68 to 72 bytes long, seldom less. */
    private static final int SIGNATURES_DIFFER = 4;

    /** How the incoming direction ended. */
    public enum Ending {
        FIN,
        RESET,
        /** It was still open when the client had waited long enough. */
        OPEN
    }

    /** Whether it is the same, whenever it came. */
    boolean looksLike(Sight other) {
        return ending == other.ending && isLike(other) && (refused == null) == (other.refused == null);
    }

    /**
     * The same, where a client that writes again may meet the end: whether its next bytes were on the way when the server closed, and
     * are answered by a reset, is a matter of chance on a busy machine.
     */
    boolean mayLookLike(Sight other) {
        boolean bothEnded = ending != Ending.OPEN && other.ending != Ending.OPEN;
        return looksLike(other) || (writes > 1 && bothEnded && isLike(other));
    }

    /**
     * Whether all that came, came when it did there; of two that look alike.
     *
     * @param earlier how much earlier each event may be than there
     * @param later   and how much later
     */
    boolean isInTimeWith(Sight other, Duration earlier, Duration later) {
        return !isApart(first, other.first, earlier, later)
                && !isApart(end, other.end, earlier, later)
                && !isApart(refused, other.refused, earlier, later);
    }

    private static boolean isApart(Duration one, Duration other, Duration earlier, Duration later) {
        if (one == null || other == null) {
            return one != other;
        }
        Duration by = one.minus(other);
        return by.compareTo(later) > 0 || by.negated().compareTo(earlier) > 0;
    }

    private boolean isLike(Sight other) {
        List<Integer> mine = TlsRecords.lengths(received);
        List<Integer> theirs = TlsRecords.lengths(other.received);
        if (mine.isEmpty() || theirs.isEmpty()) {
            return text().equals(other.text());
        }
        if (mine.size() != theirs.size() || !TlsRecords.types(received).equals(TlsRecords.types(other.received))) {
            return false;
        }
        for (int i = 0; i < mine.size(); i++) {
            if (Math.abs(mine.get(i) - theirs.get(i)) > SIGNATURES_DIFFER) {
                return false;
            }
        }
        return TlsRecords.alerts(received).equals(TlsRecords.alerts(other.received));
    }

    /** What came, without what the time of day makes of it. */
    private String text() {
        return DATE.matcher(new String(received, StandardCharsets.ISO_8859_1)).replaceAll("\r\nDate: -");
    }

    /** What came, in a word or two. */
    public String answer() {
        if (received.length == 0) {
            return "nothing";
        }
        List<Integer> types = TlsRecords.types(received);
        if (!types.isEmpty()) {
            return "TLS " + TlsRecords.describe(received);
        }
        String text = text();
        return text.startsWith("HTTP/") ? text.substring(0, text.indexOf('\r')) : received.length + " bytes";
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>(List.of(answer()));
        if (first != null) {
            words.add("after " + first.toMillis() + " ms");
        }
        words.add(end == null ? "open" : ending + " after " + end.toMillis() + " ms");
        if (refused != null) {
            words.add("write refused after " + refused.toMillis() + " ms");
        }
        return String.join(", ", words);
    }
}
