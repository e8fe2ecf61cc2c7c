package dev.portshare.telemetry;

/** One line of a log, which becomes text when it is written: perhaps later, and on another thread. */
@FunctionalInterface
public interface LogLine {
    /** Tells {@code fields} what the line holds, in its order. */
    void writeTo(LogFields fields);

    /** About how many bytes it keeps in memory until then, where it is much more than a hundred. */
    default int weight() {
        return 0;
    }
}
