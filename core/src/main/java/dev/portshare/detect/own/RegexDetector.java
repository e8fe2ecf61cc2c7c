package dev.portshare.detect.own;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import dev.portshare.detect.RegexSize;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Recognises clients by a regular expression of RE2's syntax over their bytes, one char each (ISO 8859-1), from the first on.
 *
 * <p>It matches with the byte that completes a match, however the expression would go on from there; it refuses with the byte
 * after which no match is possible, and with the last of {@link #LIMIT}. What it says of a byte depends on those before alone:
 * an expression that asks what comes next, or whether something does, is refused when it is read.
 *
 * <p>The cost of one call is linear in the bytes, at most {@code LIMIT} times {@link #MAX_PROGRAM} steps. It has no state, so
 * a client that sends its bytes one by one has the earlier ones looked at again: {@code LIMIT}/2 times each, and no more.
 */
public final class RegexDetector implements Detector {
    /** How many bytes are looked at. */
    public static final int LIMIT = 1024;
    /** The longest program that an expression may become: what {@code a{1000}} needs, twice. */
    static final int MAX_PROGRAM = 2048;

    private final Detection match;
    private final Pattern pattern;

    private RegexDetector(String protocol, Pattern pattern) {
        match = Detection.Match.of(protocol);
        this.pattern = pattern;
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static RegexDetector parse(String protocol, String regex) {
        if (regex.chars().anyMatch(c -> c > 0x7F)) {
            throw wrong(
                    regex, "is more than ASCII, and it is compared byte by byte; write the bytes, such as \\xC3\\xA9");
        }
        String end = endAssertion(regex);
        if (end != null) {
            throw wrong(
                    regex,
                    "asks with " + end
                            + " for what follows, and a connection has no end while it is open; leave it out, or"
                            + " write the byte that follows, such as \\n");
        }
        RegexDetector detector = new RegexDetector(protocol, compiled(regex));
        if (detector.detect(ByteBuffer.allocate(0)) != Detection.NEED_MORE) {
            throw wrong(regex, "matches before a byte has come, so every client; write what must be there");
        }
        return detector;
    }

    private static Pattern compiled(String regex) {
        if (RegexSize.isTooLong(regex)) {
            throw wrong(regex, "is too long with its repetitions written out; write smaller ones");
        }
        try {
            // So that an error tells of what was written.
            Pattern.compile(regex, Pattern.DOTALL);
            // Begins with the text, so that RE2/J stops where no way to match is left. DOTALL: "." is any byte.
            Pattern pattern = Pattern.compile("\\A(?:" + regex + ")", Pattern.DOTALL);
            if (pattern.programSize() > MAX_PROGRAM) {
                throw wrong(
                        regex,
                        "becomes a program of " + pattern.programSize() + " instructions, and " + MAX_PROGRAM
                                + " are allowed; write smaller repetitions");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw wrong(regex, "is no regular expression: " + e.getDescription() + "; write RE2 syntax");
        }
    }

    private static IllegalArgumentException wrong(String regex, String what) {
        return new IllegalArgumentException("\"" + regex + "\" " + what);
    }

    /** What in {@code regex} asks for the byte behind, or for the end; null: nothing does. */
    private static @Nullable String endAssertion(String regex) {
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (regex.startsWith("\\Q", i)) {
                int end = regex.indexOf("\\E", i);
                i = end < 0 ? regex.length() : end + 1;
            } else if (c == '\\' && i + 1 < regex.length()) {
                i++;
                if (!inClass && "bBzZ".indexOf(regex.charAt(i)) >= 0) {
                    return "\\" + regex.charAt(i);
                }
            } else if (inClass) {
                if (regex.startsWith("[:", i) && regex.indexOf(":]", i) >= 0) {
                    i = regex.indexOf(":]", i) + 1;
                } else {
                    inClass = c != ']';
                }
            } else if (c == '[') {
                inClass = true;
                i += regex.startsWith("^", i + 1) ? 1 : 0;
                i += regex.startsWith("]", i + 1) ? 1 : 0; // a bracket that comes first is one of the class
            } else if (c == '$') {
                return "$";
            }
        }
        return null;
    }

    boolean isSame(RegexDetector other) {
        return pattern.pattern().equals(other.pattern.pattern());
    }

    @Override
    public Detection detect(ByteBuffer head) {
        int size = Math.min(head.remaining(), LIMIT);
        if (pattern.matcher(new ArrivedText(head, size, false)).lookingAt()) {
            return match;
        }
        if (size == LIMIT) {
            return Detection.NO_MATCH;
        }
        ArrivedText padded = new ArrivedText(head, size, true);
        var _ = pattern.matcher(padded).lookingAt();
        return padded.wasReadThrough() ? Detection.NEED_MORE : Detection.NO_MATCH;
    }
}
