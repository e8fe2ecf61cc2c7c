package dev.portshare.admin;

import dev.portshare.session.JsonString;
import org.jspecify.annotations.Nullable;

/** Writes JSON (RFC 8259) as it is told, in ASCII. */
final class JsonWriter {
    private final StringBuilder text = new StringBuilder(1024);

    JsonWriter object() {
        separate();
        text.append('{');
        return this;
    }

    JsonWriter endObject() {
        text.append('}');
        return this;
    }

    JsonWriter array() {
        separate();
        text.append('[');
        return this;
    }

    JsonWriter endArray() {
        text.append(']');
        return this;
    }

    /** The key of the value that follows. */
    JsonWriter key(String key) {
        separate();
        JsonString.append(key, text);
        text.append(':');
        return this;
    }

    JsonWriter value(@Nullable String value) {
        separate();
        if (value == null) {
            text.append("null");
        } else {
            JsonString.append(value, text);
        }
        return this;
    }

    JsonWriter value(long value) {
        separate();
        text.append(value);
        return this;
    }

    /** To the thousandth; what is no number is null. */
    JsonWriter value(double value) {
        separate();
        if (Double.isFinite(value)) {
            text.append(Math.round(value * 1000) / 1000.0);
        } else {
            text.append("null");
        }
        return this;
    }

    JsonWriter value(boolean value) {
        separate();
        text.append(value);
        return this;
    }

    JsonWriter values(long[] values) {
        array();
        for (long value : values) {
            value(value);
        }
        return endArray();
    }

    JsonWriter values(Iterable<String> values) {
        array();
        for (String value : values) {
            value(value);
        }
        return endArray();
    }

    JsonWriter pair(String key, @Nullable String value) {
        return key(key).value(value);
    }

    JsonWriter pair(String key, long value) {
        return key(key).value(value);
    }

    JsonWriter pair(String key, double value) {
        return key(key).value(value);
    }

    JsonWriter pair(String key, boolean value) {
        return key(key).value(value);
    }

    private void separate() {
        if (!text.isEmpty() && "[{:,".indexOf(text.charAt(text.length() - 1)) < 0) {
            text.append(',');
        }
    }

    /** All of it, a line. */
    String text() {
        return text + "\n";
    }
}
