package dev.portshare.it.harness;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of the connections of {@link Traffic}.
 *
 * @param whole    got back what they had sent, byte for byte, and the end behind it; silent ones were closed; or reset themselves
 * @param reset    were reset, and all bytes until then were right
 * @param unserved were not let in, or closed before the first byte came back
 * @param failed   got other bytes, or an end too soon that looked like a right one, or nothing for too long
 * @param example  one of those that failed
 */
public record Tally(long whole, long reset, long unserved, long failed, String example) {
    private static final Pattern LINE =
            Pattern.compile("whole=(\\d+) reset=(\\d+) unserved=(\\d+) failed=(\\d+) example=(.*)");

    /** What {@link #toString} makes. */
    public static Tally parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no tally: " + line);
        }
        return new Tally(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)),
                matcher.group(5));
    }

    /** On a line. */
    @Override
    public String toString() {
        return "whole=%d reset=%d unserved=%d failed=%d example=%s".formatted(whole, reset, unserved, failed, example);
    }
}
