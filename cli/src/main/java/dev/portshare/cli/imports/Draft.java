package dev.portshare.cli.imports;

import dev.portshare.route.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A route file that is being written, with what is to be said about it. */
final class Draft {
    private static final int WIDTH = 110;

    /** What YAML takes for a word as it stands, within brackets too. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./@-]+)*");

    /** A port of every address, whose colon need not be. */
    private static final Pattern ANY_ADDRESS = Pattern.compile(":[0-9]+");

    /** A route; its conditions under their keys. */
    static final class Route {
        private final String name;
        private final String to;
        private final Map<String, List<String>> when = new LinkedHashMap<>();
        private final Map<String, List<String>> not = new LinkedHashMap<>();
        private final List<String> notes = new ArrayList<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable String configuration;

        private Route(String name, String to) {
            this.name = name;
            this.to = to;
        }

        /** Asks for one of {@code values}; of none: asks nothing. */
        Route when(String key, List<String> values) {
            put(when, key, values);
            return this;
        }

        /** Refuses {@code values}. */
        Route not(String key, List<String> values) {
            put(not, key, values);
            return this;
        }

        /** Asks for the keys of the OpenVPN server whose configuration {@code file} is. */
        Route proving(String file) {
            configuration = file;
            return this;
        }

        /** Has {@code key} say {@code value}. */
        Route with(String key, String value) {
            settings.put(key, value);
            return this;
        }

        private static void put(Map<String, List<String>> conditions, String key, List<String> values) {
            if (!values.isEmpty()) {
                conditions.put(key, List.copyOf(values));
            }
        }

        /** Says something in front of the route. */
        Route note(String text) {
            notes.add(text);
            return this;
        }
    }

    /** What is to be said of a line of the file. */
    private record Note(int line, String text) {}

    private final List<Note> losses = new ArrayList<>();
    private final List<Note> settings = new ArrayList<>();
    private final Set<String> listen = new LinkedHashSet<>();
    private final List<Route> routes = new ArrayList<>();
    private final Map<String, String> timeouts = new LinkedHashMap<>();
    private final List<String> hints = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Transparency transparency = new Transparency();

    /** Says of {@code setting}, without which no connection goes another way, that it has no equal, and why. */
    void unlike(Word setting, String value, String why) {
        settings.add(note(setting, value, why));
    }

    /** Says of {@code what} that its connections go another way, or nowhere, and why. */
    void lose(Word what, String value, String why) {
        losses.add(note(what, value, why));
    }

    private static Note note(Word what, String value, String why) {
        String shown = value.isEmpty() ? what.text() : what.text() + " " + value;
        return new Note(what.line(), "line " + what.line() + ", " + shown + ": " + why);
    }

    /** Says something behind all else. */
    void conclude(String text) {
        settings.add(new Note(Integer.MAX_VALUE, text));
    }

    /** Listens on {@code address}. */
    void listen(String address) {
        listen.add(address);
    }

    /** All that is listened on. */
    Set<String> listening() {
        return listen;
    }

    /** Adds a route, under {@code name} or, where that is taken, the like. */
    Route route(String name, String to) {
        String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-");
        String unique = plain;
        for (int number = 2; !names.add(unique); number++) {
            unique = plain + "-" + number;
        }
        Route route = new Route(unique, to);
        routes.add(route);
        return route;
    }

    void timeout(String key, String duration) {
        timeouts.put(key, duration);
    }

    /** Which backends see their clients' addresses. */
    Transparency transparency() {
        return transparency;
    }

    /** Says something in front of the timeouts. */
    void hint(String text) {
        hints.add(text);
    }

    boolean hasRoutes() {
        return !routes.isEmpty();
    }

    /** The route file. */
    String yaml(String source) {
        StringBuilder yaml = new StringBuilder();
        comment(
                yaml,
                "",
                "From " + source
                        + ", by portshare import. What has no equal is told here and at the end: read it first.");
        yaml.append('\n');
        yaml.append("listen: ").append(list(List.copyOf(listen))).append("\n\nroutes:\n");
        boolean isTransparent = false;
        for (Route route : routes) {
            Transparency.Lead lead = transparency.lead(route.to, listen);
            isTransparent |= lead.isTransparent();
            route.notes.forEach(note -> comment(yaml, "  ", note));
            comment(yaml, "  ", lead.note());
            yaml.append("  - name: ").append(route.name).append('\n');
            String when = conditions(route);
            if (!when.isEmpty()) {
                yaml.append("    when: ").append(when).append('\n');
            }
            yaml.append("    to: ").append(word(lead.to())).append('\n');
            if (lead.isTransparent()) {
                route.with("source", new Source.Transparent().toString());
            }
            route.settings.forEach((key, value) ->
                    yaml.append("    " + key + ": ").append(word(value)).append('\n'));
        }
        if (isTransparent) {
            hints.add(Transparency.NEEDS);
        }
        if (!timeouts.isEmpty() || !hints.isEmpty()) {
            yaml.append('\n');
        }
        for (int i = 0; i < hints.size(); i++) {
            yaml.append(i == 0 ? "" : "#\n");
            comment(yaml, "", hints.get(i));
        }
        if (!timeouts.isEmpty()) {
            yaml.append("timeouts: ")
                    .append(timeouts.entrySet().stream()
                            .map(entry -> entry.getKey() + ": " + entry.getValue())
                            .collect(Collectors.joining(", ", "{", "}\n")));
        }
        notes(yaml, "Connections that go another way now, or nowhere:", losses);
        notes(yaml, "Settings that have no equal:", settings);
        return yaml.toString();
    }

    private static void notes(StringBuilder yaml, String title, List<Note> notes) {
        if (!notes.isEmpty()) {
            yaml.append('\n');
            comment(yaml, "", title);
            notes.stream()
                    .sorted(Comparator.comparingInt(Note::line))
                    .forEach(note -> comment(yaml, "", "- " + note.text()));
        }
    }

    private static String conditions(Route route) {
        StringJoiner when = new StringJoiner(", ", "{", "}").setEmptyValue("");
        if (route.configuration != null) {
            when.add("openvpn-key: {config: " + word(route.configuration) + "}");
        }
        route.when.forEach((key, values) -> when.add(key + ": " + list(values)));
        if (!route.not.isEmpty()) {
            StringJoiner not = new StringJoiner(", ", "not: {", "}");
            route.not.forEach((key, values) -> not.add(key + ": " + list(values)));
            when.add(not.toString());
        }
        return when.toString();
    }

    private static String list(List<String> values) {
        return values.size() == 1
                ? word(values.getFirst())
                : values.stream().map(Draft::word).collect(Collectors.joining(", ", "[", "]"));
    }

    /** {@code text} as YAML reads it back, quoted where it must be. */
    private static String word(String text) {
        if (PLAIN.matcher(text).matches()) {
            return text;
        }
        if (ANY_ADDRESS.matcher(text).matches()) {
            return text.substring(1);
        }
        return text.indexOf('\\') < 0 && text.indexOf('"') < 0
                ? "\"" + text + "\""
                : "'" + text.replace("'", "''") + "'";
    }

    /** Adds {@code text} in lines of comment. Of what stood in the file, nothing can end the comment. */
    private static void comment(StringBuilder yaml, String indent, String text) {
        String rest = text.replaceAll("\\p{Cntrl}|[\\u0085\\u2028\\u2029\\uFEFF]|\\p{Cs}", "?");
        String hanging = rest.startsWith("- ") ? "  " : "";
        for (boolean first = true; !rest.isEmpty(); first = false) {
            String start = indent + "# " + (first ? "" : hanging);
            int width = WIDTH - start.length();
            int cut = rest.length() <= width ? rest.length() : rest.lastIndexOf(' ', width);
            if (cut <= hanging.length()) {
                cut = rest.indexOf(' ', width) < 0 ? rest.length() : rest.indexOf(' ', width);
            }
            yaml.append(start).append(rest, 0, cut).append('\n');
            rest = rest.substring(cut).stripLeading();
        }
    }
}
