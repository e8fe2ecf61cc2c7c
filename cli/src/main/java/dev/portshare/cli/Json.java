package dev.portshare.cli;

import dev.portshare.session.JsonString;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes JSON (RFC 8259) on one line. */
final class Json {
    private Json() {}

    /** An object of {@code members}, whose values are strings, numbers, booleans, collections, maps or null. */
    static String write(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean bool -> bool.toString();
            case Number number -> number.toString();
            case Collection<?> list -> list.stream().map(Json::write).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(member -> quote(String.valueOf(member.getKey())) + ": " + write(member.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> quote(value.toString());
        };
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        JsonString.append(text, quoted);
        return quoted.toString();
    }
}
