package dev.portshare.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The places of routes under the server names and hosts that they ask for, so that ten thousand such routes cost a
 * connection what one does. A regex stands under the domain of all the names that it matches. Routes that ask for no name, or
 * have a regex without such a domain, stand apart.
 */
final class NameIndex {
    /** Under each name or wildcard the places of the routes that have it, ascending. */
    private final Map<ServerNamePattern, List<Integer>> byServerName = new HashMap<>();

    private final Map<ServerNamePattern, List<Integer>> byHost = new HashMap<>();
    /** The places of all the others, ascending. */
    private final List<Integer> others = new ArrayList<>();

    NameIndex(List<Route> routes) {
        for (int place = 0; place < routes.size(); place++) {
            Condition when = routes.get(place).when();
            if (when.names().isEmpty() || when.names().regexes().stream().anyMatch(regex -> regex.domain() == null)) {
                others.add(place);
            } else {
                add(byServerName, when.serverNames(), place);
                add(byHost, when.hosts(), place);
            }
        }
    }

    private static void add(Map<ServerNamePattern, List<Integer>> index, ServerNameSet names, int place) {
        for (ServerNamePattern name : names.names()) {
            add(index, name, place);
        }
        for (ServerNamePattern.Regex regex : names.regexes()) {
            add(index, Objects.requireNonNull(regex.domain()), place);
        }
    }

    private static void add(Map<ServerNamePattern, List<Integer>> index, ServerNamePattern key, int place) {
        List<Integer> places = index.computeIfAbsent(key, _ -> new ArrayList<>());
        if (places.isEmpty() || places.getLast() != place) {
            places.add(place);
        }
    }

    /** The places of all the routes that could take a connection with these names, in ascending lists. */
    List<List<Integer>> candidates(@Nullable String serverName, @Nullable String host) {
        List<List<Integer>> candidates = new ArrayList<>();
        if (serverName != null && !byServerName.isEmpty()) {
            addAll(candidates, byServerName, keys(serverName));
        }
        if (host != null && !byHost.isEmpty()) {
            addAll(candidates, byHost, keys(host));
        }
        // Last: a route found above ends the walk through them early.
        candidates.add(others);
        return candidates;
    }

    /** What a route that takes {@code name} can stand under. */
    private static List<ServerNamePattern> keys(String name) {
        List<ServerNamePattern> keys = ServerNamePattern.matching(name);
        if (name.startsWith(".")) {
            keys.add(new ServerNamePattern.Suffix(name.substring(1))); // no wildcard matches it, but a regex may
        }
        return keys;
    }

    /** The same for whatever a condition with these patterns of server names, or of hosts, lets through. */
    List<List<Integer>> candidates(List<ServerNamePattern> serverNames, List<ServerNamePattern> hosts) {
        List<List<Integer>> candidates = new ArrayList<>();
        addAll(candidates, byServerName, serverNames);
        addAll(candidates, byHost, hosts);
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
