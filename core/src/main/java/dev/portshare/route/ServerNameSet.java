package dev.portshare.route;

import dev.portshare.route.ServerNamePattern.Regex;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any number of server name patterns. A look-up costs one hash a label of the name, however many the names, and a match for
 * each regex whose literals fit. Immutable.
 */
public final class ServerNameSet {
    /** So many patterns are compared faster than they are looked up. */
    private static final int FEW = 3;

    public static final ServerNameSet EMPTY = of(List.of());

    private final Set<ServerNamePattern> names;
    private final List<Regex> regexes;
    /** All patterns, if they are few. */
    private final List<ServerNamePattern> few;

    private ServerNameSet(Set<ServerNamePattern> names, List<Regex> regexes) {
        this.names = Collections.unmodifiableSet(names);
        this.regexes = regexes;
        few = names.size() + regexes.size() <= FEW ? patterns() : List.of();
    }

    /** The set of {@code patterns}. */
    public static ServerNameSet of(Collection<ServerNamePattern> patterns) {
        Set<ServerNamePattern> names = new LinkedHashSet<>(patterns);
        names.removeIf(Regex.class::isInstance);
        List<Regex> regexes = patterns.stream()
                .filter(Regex.class::isInstance)
                .map(Regex.class::cast)
                .toList();
        return new ServerNameSet(names, regexes);
    }

    /** The exact names and the wildcards, in their written order. */
    public Set<ServerNamePattern> names() {
        return names;
    }

    /** The others, in their written order. */
    public List<Regex> regexes() {
        return regexes;
    }

    /** Whether one of the patterns matches {@code name}, of ASCII, in lower case and without trailing dot. */
    public boolean matches(String name) {
        if (!few.isEmpty()) {
            return anyMatches(few, name);
        }
        for (ServerNamePattern pattern : ServerNamePattern.matching(name)) {
            if (names.contains(pattern)) {
                return true;
            }
        }
        return anyMatches(regexes, name);
    }

    private static boolean anyMatches(List<? extends ServerNamePattern> patterns, String name) {
        for (ServerNamePattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return names.isEmpty() && regexes.isEmpty();
    }

    /** All of them, the regexes last. */
    public List<ServerNamePattern> patterns() {
        return Stream.concat(names.stream(), regexes.stream()).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerNameSet that && names.equals(that.names) && regexes.equals(that.regexes);
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + regexes.hashCode();
    }
}
