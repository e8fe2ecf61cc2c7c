package dev.portshare.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** The notation of durations: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}. */
final class Durations {
    private static final Pattern NOTATION = Pattern.compile("(?<count>[0-9]+)(?<unit>ms|s|m|h)");
    /** Keeps deadlines, which are counted in nanoseconds, far from overflow. */
    private static final Duration MAX = Duration.ofDays(365);

    private Durations() {}

    /**
     * Reads {@code text}; {@code 0s} is a duration.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static Duration parse(String text) {
        var notation = NOTATION.matcher(text);
        if (!notation.matches()) {
            throw new IllegalArgumentException(
                    text.matches("[0-9]+")
                            ? "no unit in \"" + text + "\"; write " + text + "s for seconds or " + text
                                    + "ms for milliseconds"
                            : "\"" + text + "\" is no duration; write a whole number and ms, s, m or h, such as 5s");
        }
        // Twelve digits of hours do not overflow; more are too much in any unit.
        String count = notation.group("count");
        Duration duration =
                count.length() > 12 ? MAX.plusDays(1) : duration(Long.parseLong(count), notation.group("unit"));
        if (duration.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is too long; write at most " + MAX.toHours() + "h");
        }
        return duration;
    }

    /** Reads {@code text} like {@link #parse}, but refuses {@code 0s}. */
    static Duration parsePositive(String text) {
        Duration duration = parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("must be longer than " + text + "; write one such as 5s");
        }
        return duration;
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
