package dev.portshare.route;

import dev.portshare.route.ServerNamePattern.Regex;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Any number of server name patterns. A look-up costs one hash a label of the name and one match a regex, however many
 * the names.
 *
 * @param names   the exact names and the wildcards, in their written order
 * @param regexes the others, in their written order
 */
public record ServerNameSet(Set<ServerNamePattern> names, List<Regex> regexes) {
    public static final ServerNameSet EMPTY = of(List.of());

    /** The set of {@code patterns}. */
    public static ServerNameSet of(Collection<ServerNamePattern> patterns) {
        Set<ServerNamePattern> names = new LinkedHashSet<>(patterns);
        names.removeIf(Regex.class::isInstance);
        List<Regex> regexes = patterns.stream()
                .filter(Regex.class::isInstance)
                .map(Regex.class::cast)
                .toList();
        return new ServerNameSet(Collections.unmodifiableSet(names), regexes);
    }

    /** Whether one of the patterns matches {@code name}, in lower case and without trailing dot. */
    public boolean matches(String name) {
        return ServerNamePattern.matching(name).stream().anyMatch(names::contains)
                || regexes.stream().anyMatch(regex -> regex.matches(name));
    }

    public boolean isEmpty() {
        return names.isEmpty() && regexes.isEmpty();
    }

    /** All of them, the regexes last. */
    public List<ServerNamePattern> patterns() {
        return Stream.concat(names.stream(), regexes.stream()).toList();
    }
}
