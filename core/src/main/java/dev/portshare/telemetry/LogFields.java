package dev.portshare.telemetry;

import org.jspecify.annotations.Nullable;

/** Takes what a line of the log holds. */
public interface LogFields {
    /**
     * Adds a value under a key.
     *
     * @param value without blanks; null where unknown; {@linkplain dev.portshare.session.Escaped escaped} where a client chose
     *              it
     */
    void add(String key, @Nullable CharSequence value);

    /** Adds a number under a key. */
    void add(String key, long value);

    /** Adds words for people, and what was thrown, where something was. */
    void message(String text, @Nullable Throwable thrown);
}
