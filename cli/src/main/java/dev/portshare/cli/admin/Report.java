package dev.portshare.cli.admin;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A JSON object that the program has written.
 *
 * @param members strings, numbers, booleans, lists, maps or null
 */
public record Report(Map<?, ?> members) {
    /** Reads JSON, which is YAML too. */
    static Report parse(String json) {
        return of(new Load(LoadSettings.builder().setCodePointLimit(64 << 20).build()).loadFromString(json));
    }

    private static Report of(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return new Report(members);
        }
        throw new IllegalArgumentException("no JSON object: " + value);
    }

    /** Whether it is there, and not null. */
    public boolean has(String key) {
        return members.get(key) != null;
    }

    public Report object(String key) {
        return of(members.get(key));
    }

    public List<Report> objects(String key) {
        return list(key).stream().map(Report::of).toList();
    }

    public List<String> texts(String key) {
        return list(key).stream().map(String::valueOf).toList();
    }

    private List<?> list(String key) {
        return members.get(key) instanceof List<?> list ? list : List.of();
    }

    /** "-" where it is null or not there. */
    public String text(String key) {
        Object value = members.get(key);
        return value == null ? "-" : value.toString();
    }

    /** -1 where it is null or not there. */
    public long number(String key) {
        return members.get(key) instanceof Number number ? number.longValue() : -1;
    }

    public double decimal(String key) {
        return members.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    public boolean is(String key) {
        return Boolean.TRUE.equals(members.get(key));
    }

    /** Null where it is null or not there. */
    public @Nullable Instant time(String key) {
        return members.get(key) instanceof String text ? Instant.parse(text) : null;
    }
}
