package dev.portshare.cli.log;

import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;

/** Time, level, and {@code key=value} pairs with a blank between, or a message and below it the stack trace. */
final class TextLayout extends Layout {
    private final Timestamp timestamp = new Timestamp();
    private final boolean forJournal;
    private Level level = Level.INFO;

    /** @param forJournal whether the journal reads it: it wants a priority in front of each line, and has its own time */
    TextLayout(StringBuilder text, boolean forJournal) {
        super(text);
        this.forJournal = forJournal;
    }

    @Override
    void begin(long millis, Level level) {
        this.level = level;
        if (forJournal) {
            text.append(JournalStream.priority(level));
        } else {
            timestamp.append(millis, text);
            text.append(' ');
        }
        text.append(level.name());
    }

    @Override
    public void add(String key, @Nullable CharSequence value) {
        text.append(' ').append(key).append('=');
        if (value == null) {
            text.append('-');
        } else {
            text.append(value);
        }
    }

    @Override
    public void add(String key, long value) {
        text.append(' ').append(key).append('=').append(value);
    }

    @Override
    public void message(String message, @Nullable Throwable thrown) {
        appendEscaped(text.append(' '), message);
        if (thrown != null) {
            for (String line : StackTrace.of(thrown)) {
                text.append('\n');
                if (forJournal) {
                    text.append(JournalStream.priority(level));
                }
                appendEscaped(text, line);
            }
        }
    }

    /** A message may quote a name or a path: no line must look like two. */
    private void appendEscaped(StringBuilder text, String message) {
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (isControl(c) && c != '\t') {
                text.append("\\x");
                appendHex(c);
            } else {
                text.append(c);
            }
        }
    }

    @Override
    void end() {
        text.append('\n');
    }
}
