package dev.portshare.route;

import dev.portshare.route.ServerNamePattern.Exact;
import dev.portshare.route.ServerNamePattern.Regex;
import dev.portshare.route.ServerNamePattern.Suffix;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What one condition says about another. A true answer is proven; where nothing can be proven, the answer is false. */
final class Implication {
    /** Pairs of entries beyond which two lists count as not disjoint, lest two long ones be compared entry by entry. */
    private static final long MAX_PAIRS = 1_000_000;

    private Implication() {}

    /** Whether every connection that meets {@code narrow} meets {@code wide}. */
    static boolean implies(Condition narrow, Condition wide) {
        return switch (wide) {
            // Taken apart, so that a new key of a condition cannot be forgotten here.
            case Condition(
                    List<String> protocols,
                    ServerNameSet serverNames,
                    List<String> alpn,
                    Boolean encryptedHello,
                    ServerNameSet hosts,
                    List<String> cookies,
                    ProofTerms proof,
                    CidrSet from,
                    List<String> listeners,
                    List<String> gates,
                    Condition not) ->
                isWithin(narrow.protocols(), protocols)
                        && isWithin(narrow.listeners(), listeners)
                        && isWithin(narrow.gates(), gates)
                        && isWithin(narrow.applicationProtocols(), alpn)
                        && (encryptedHello == null || encryptedHello.equals(narrow.encryptedHello()))
                        && isWithin(narrow.serverNames(), serverNames)
                        && isWithin(narrow.hosts(), hosts)
                        && isWithin(narrow.cookies(), cookies)
                        && (proof == null
                                || (narrow.proof() != null && narrow.proof().implies(proof)))
                        && isWithin(narrow.from(), from)
                        && (not == null || excludes(narrow, not));
        };
    }

    /** Whether no connection that meets {@code condition} meets {@code not}. */
    private static boolean excludes(Condition condition, Condition not) {
        return areDisjoint(condition, not) || (condition.not() != null && implies(not, condition.not()));
    }

    /** Whether no connection meets both. ALPN never says so, nor do gates: a client may offer whatever both ask for. */
    static boolean areDisjoint(Condition a, Condition b) {
        return areDisjoint(a.protocols(), b.protocols())
                || areDisjoint(a.listeners(), b.listeners())
                || areDisjoint(a.serverNames(), b.serverNames())
                || areDisjoint(a.hosts(), b.hosts())
                || areDisjoint(a.cookies(), b.cookies())
                || (a.encryptedHello() != null
                        && b.encryptedHello() != null
                        && !a.encryptedHello().equals(b.encryptedHello()))
                || (a.proof() != null && b.proof() != null && a.proof().excludes(b.proof()))
                || (a.from() != null
                        && b.from() != null
                        && areDisjoint(a.from().blocks(), b.from().blocks(), (x, y) -> !x.overlaps(y)))
                || (a.not() != null && implies(b, a.not()))
                || (b.not() != null && implies(a, b.not()));
    }

    /** Whether {@code condition} asks for what its own {@code not} excludes, so that nothing meets it. */
    static boolean contradictsItself(Condition condition) {
        return condition.not() != null && implies(condition, condition.not());
    }

    private static boolean isWithin(List<String> narrow, List<String> wide) {
        return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
    }

    private static boolean isWithin(ServerNameSet narrow, ServerNameSet wide) {
        return wide.isEmpty()
                || (!narrow.isEmpty() && narrow.patterns().stream().allMatch(pattern -> covers(wide, pattern)));
    }

    private static boolean covers(ServerNameSet wide, ServerNamePattern pattern) {
        return wide.regexes().stream().anyMatch(regex -> isAnything(regex) || isSame(regex, pattern))
                || switch (pattern) {
                    case Exact(String name) -> wide.matches(name);
                    case Suffix suffix -> containing(suffix).stream().anyMatch(wide.names()::contains);
                    case Regex _ -> false;
                };
    }

    private static boolean isAnything(Regex regex) {
        return regex.pattern().pattern().equals(".*");
    }

    private static boolean isSame(Regex regex, ServerNamePattern other) {
        return other instanceof Regex && regex.toString().equals(other.toString());
    }

    /** {@code suffix} and every wildcard that matches all that it does. */
    static List<ServerNamePattern> containing(Suffix suffix) {
        // What matches any one name in front of the domain, but for that name itself.
        List<ServerNamePattern> patterns = ServerNamePattern.matching("x." + suffix.domain());
        return patterns.subList(1, patterns.size());
    }

    private static boolean areDisjoint(ServerNameSet a, ServerNameSet b) {
        return !a.isEmpty() && !b.isEmpty() && areDisjoint(a.patterns(), b.patterns(), Implication::areDisjoint);
    }

    private static boolean areDisjoint(ServerNamePattern a, ServerNamePattern b) {
        return switch (a) {
            case Exact(String name) -> !b.matches(name);
            case Suffix suffix
            when b instanceof Suffix other ->
                !containing(suffix).contains(other) && !containing(other).contains(suffix);
            case Suffix _, Regex _ -> b instanceof Exact(String name) && !a.matches(name);
        };
    }

    private static boolean isWithin(@Nullable CidrSet narrow, @Nullable CidrSet wide) {
        return wide == null || (narrow != null && narrow.blocks().stream().allMatch(wide::covers));
    }

    private static boolean areDisjoint(List<String> a, List<String> b) {
        return !a.isEmpty() && !b.isEmpty() && Collections.disjoint(a, b);
    }

    private static <T> boolean areDisjoint(Collection<T> a, Collection<T> b, BiPredicate<T, T> disjoint) {
        return (long) a.size() * b.size() <= MAX_PAIRS
                && a.stream().allMatch(x -> b.stream().allMatch(y -> disjoint.test(x, y)));
    }
}
