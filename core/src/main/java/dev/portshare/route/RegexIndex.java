package dev.portshare.route;

import dev.portshare.route.ServerNamePattern.Regex;
import dev.portshare.route.ServerNamePattern.Suffix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places of routes under the regexes that they ask for. A regex stands under the domain of all the names that it matches,
 * if one is known. The names asked for lately are looked up once.
 */
final class RegexIndex {
    /** A regex and the places of the routes that have it, ascending. */
    private record Row(Regex regex, List<Integer> places) {}

    private final Map<String, Row> byNotation = new HashMap<>();
    private final Map<ServerNamePattern, List<Row>> byDomain = new HashMap<>();
    private final List<Row> ofAnyDomain = new ArrayList<>();
    private int firstPlace = Integer.MAX_VALUE;
    /** Null where there is no regex. */
    private @Nullable NameMemory memory;

    /** Adds the route at {@code place}, which is not before those that were added. */
    void add(Regex regex, int place) {
        if (memory == null) {
            memory = new NameMemory();
            firstPlace = place;
        }
        String notation = regex.toString();
        Row row = byNotation.get(notation);
        if (row == null) {
            row = new Row(regex, new ArrayList<>());
            byNotation.put(notation, row);
            Suffix domain = regex.domain();
            (domain == null ? ofAnyDomain : byDomain.computeIfAbsent(domain, _ -> new ArrayList<>())).add(row);
        }
        row.places.add(place);
    }

    /**
     * The places, in ascending lists, of the routes with a regex that matches {@code name}; none where no such route is in
     * front of {@code before}.
     */
    List<List<Integer>> places(@Nullable String name, int before) {
        if (name == null || memory == null || firstPlace >= before) {
            return List.of();
        }
        List<List<Integer>> places = memory.get(name);
        if (places == null) {
            places = lookUp(name);
            memory.put(name, places);
        }
        return places;
    }

    private List<List<Integer>> lookUp(String name) {
        List<List<Integer>> places = new ArrayList<>();
        for (ServerNamePattern pattern : ServerNamePattern.matching(name)) {
            addMatching(places, byDomain.get(pattern), name);
        }
        if (name.startsWith(".")) { // no wildcard matches it, but a regex may
            addMatching(places, byDomain.get(new Suffix(name.substring(1))), name);
        }
        addMatching(places, ofAnyDomain, name);
        return List.copyOf(places);
    }

    private static void addMatching(List<List<Integer>> places, @Nullable List<Row> rows, String name) {
        if (rows != null) {
            for (Row row : rows) {
                if (row.regex.matches(name)) {
                    places.add(row.places);
                }
            }
        }
    }

    /** The places of the routes that could take a name that {@code patterns} match, in ascending lists. */
    List<List<Integer>> candidates(List<ServerNamePattern> patterns) {
        List<List<Integer>> candidates = new ArrayList<>();
        for (ServerNamePattern pattern : patterns) {
            for (Row row : byDomain.getOrDefault(pattern, List.of())) {
                candidates.add(row.places);
            }
        }
        for (Row row : ofAnyDomain) {
            candidates.add(row.places);
        }
        return candidates;
    }
}
