package dev.portshare.cli.log;

import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;

/** An object a line (RFC 8259): {@code time}, {@code level}, and the line's own keys, or {@code message}. */
final class JsonLayout extends Layout {
    private final Timestamp timestamp = new Timestamp();
    private final boolean forJournal;

    /** @param forJournal whether the journal reads it: it takes the priority off, and leaves the object whole */
    JsonLayout(StringBuilder text, boolean forJournal) {
        super(text);
        this.forJournal = forJournal;
    }

    @Override
    void begin(long millis, Level level) {
        if (forJournal) {
            text.append(JournalStream.priority(level));
        }
        text.append("{\"time\":\"");
        timestamp.append(millis, text);
        text.append("\",\"level\":\"").append(level.name()).append('"');
    }

    @Override
    public void add(String key, @Nullable CharSequence value) {
        text.append(",\"").append(key).append("\":");
        if (value == null) {
            text.append("null");
        } else {
            appendString(value);
        }
    }

    @Override
    public void add(String key, long value) {
        text.append(",\"").append(key).append("\":").append(value);
    }

    @Override
    public void message(String message, @Nullable Throwable thrown) {
        add("message", message);
        if (thrown != null) {
            add("stack_trace", String.join("\n", StackTrace.of(thrown)));
        }
    }

    private void appendString(CharSequence value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (isControl(c)) {
                text.append("\\u00");
                appendHex(c);
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    void end() {
        text.append("}\n");
    }
}
