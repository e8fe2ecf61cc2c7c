package dev.portshare.route;

import dev.portshare.route.ServerNamePattern.Regex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places of routes under the server names and hosts that they ask for, so that ten thousand such routes cost a
 * connection what one does. Routes that ask for no name stand apart.
 */
final class NameIndex {
    /** Under each name or wildcard the places of the routes that have it, ascending. */
    private final Map<ServerNamePattern, List<Integer>> byServerName = new HashMap<>();

    private final Map<ServerNamePattern, List<Integer>> byHost = new HashMap<>();
    private final RegexIndex serverNameRegexes = new RegexIndex();
    private final RegexIndex hostRegexes = new RegexIndex();
    /** The places of those that ask for no name, ascending. */
    private final List<Integer> others = new ArrayList<>();

    NameIndex(List<Route> routes) {
        for (int place = 0; place < routes.size(); place++) {
            Condition when = routes.get(place).when();
            add(byServerName, serverNameRegexes, when.serverNames(), place);
            add(byHost, hostRegexes, when.hosts(), place);
            if (when.names().isEmpty()) {
                others.add(place);
            }
        }
    }

    private static void add(
            Map<ServerNamePattern, List<Integer>> index, RegexIndex regexes, ServerNameSet names, int place) {
        for (ServerNamePattern name : names.names()) {
            index.computeIfAbsent(name, _ -> new ArrayList<>()).add(place);
        }
        for (Regex regex : names.regexes()) {
            regexes.add(regex, place);
        }
    }

    /** The places, in ascending lists, of the routes that have one of these names or a wildcard for it, or ask for none. */
    List<List<Integer>> byName(@Nullable String serverName, @Nullable String host) {
        List<List<Integer>> places = new ArrayList<>();
        if (serverName != null && !byServerName.isEmpty()) {
            addAll(places, byServerName, ServerNamePattern.matching(serverName));
        }
        if (host != null && !byHost.isEmpty()) {
            addAll(places, byHost, ServerNamePattern.matching(host));
        }
        // Last: a route found above ends the walk through them early.
        places.add(others);
        return places;
    }

    /** The places, in ascending lists, of the routes with a regex that matches {@code serverName}; none needed from {@code before} on. */
    List<List<Integer>> byServerNameRegex(@Nullable String serverName, int before) {
        return serverNameRegexes.places(serverName, before);
    }

    /** The same for {@code host}. */
    List<List<Integer>> byHostRegex(@Nullable String host, int before) {
        return hostRegexes.places(host, before);
    }

    /** The places of the routes that could take whatever a condition with these patterns of names lets through. */
    List<List<Integer>> candidates(List<ServerNamePattern> serverNames, List<ServerNamePattern> hosts) {
        List<List<Integer>> candidates = new ArrayList<>();
        addAll(candidates, byServerName, serverNames);
        addAll(candidates, byHost, hosts);
        candidates.addAll(serverNameRegexes.candidates(serverNames));
        candidates.addAll(hostRegexes.candidates(hosts));
        candidates.add(others);
        return candidates;
    }

    private static void addAll(
            List<List<Integer>> candidates,
            Map<ServerNamePattern, List<Integer>> index,
            List<ServerNamePattern> patterns) {
        for (ServerNamePattern pattern : patterns) {
            List<Integer> places = index.get(pattern);
            if (places != null) {
                candidates.add(places);
            }
        }
    }
}
