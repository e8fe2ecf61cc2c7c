package dev.portshare.it.harness;

import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The log line of one connection that has ended. */
public record Connection(Map<String, String> values, String line) {
    private static final Pattern LINE = Pattern.compile(".*? (id=\\d+ src=.*)");
    private static final Pattern PAIR = Pattern.compile("(\\w+)=(\\S*)");

    static Optional<Connection> parse(String line) {
        var matcher = LINE.matcher(line);
        return matcher.matches() ? Optional.of(new Connection(pairs(matcher.group(1)), line)) : Optional.empty();
    }

    private static Map<String, String> pairs(String text) {
        return PAIR.matcher(text)
                .results()
                .collect(Collectors.toMap((MatchResult pair) -> pair.group(1), pair -> pair.group(2)));
    }

    public String get(String key) {
        return values.get(key);
    }

    public long number(String key) {
        return Long.parseLong(get(key));
    }

    public String route() {
        return get("route");
    }

    public String close() {
        return get("close");
    }

    @Override
    public String toString() {
        return line;
    }
}
