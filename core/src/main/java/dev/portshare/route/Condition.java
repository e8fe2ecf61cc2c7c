package dev.portshare.route;

import dev.portshare.detect.Detectors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks of a connection: every key, and in a key one entry. A key that is empty, or null, asks nothing.
 *
 * @param protocols            {@code tls} and nothing else where {@code serverNames} or {@code applicationProtocols}
 *                             ask something
 * @param serverNames          a client that sent none meets none
 * @param applicationProtocols ALPN names; a client that sent none meets none
 * @param from                 address blocks; those of no block at all contain nobody
 * @param listeners            notations of listening addresses, {@code ListenAddress.toString()}
 * @param not                  a condition that must not hold
 */
public record Condition(
        List<String> protocols,
        ServerNameSet serverNames,
        List<String> applicationProtocols,
        @Nullable CidrSet from,
        List<String> listeners,
        @Nullable Condition not) {
    /** Every connection meets it. */
    public static final Condition ANY = new Condition(List.of(), ServerNameSet.EMPTY, List.of(), null, List.of(), null);

    /** Refuses SNI or ALPN of a protocol that has neither. */
    public Condition {
        if (!serverNames.isEmpty() || !applicationProtocols.isEmpty()) {
            if (!protocols.stream().allMatch(Detectors.TLS::equals)) {
                throw new IllegalArgumentException(
                        "only tls has sni and alpn; write a route of its own for " + String.join(", ", protocols));
            }
            protocols = List.of(Detectors.TLS);
        }
        protocols = List.copyOf(protocols);
        applicationProtocols = List.copyOf(applicationProtocols);
        listeners = List.copyOf(listeners);
    }

    /** Whether {@code facts} meet every key. */
    public boolean holds(Facts facts) {
        return meetsProtocol(facts)
                && meetsListener(facts)
                && meetsServerName(facts)
                && meetsApplicationProtocol(facts)
                && meetsFrom(facts)
                && meetsNot(facts);
    }

    boolean meetsProtocol(Facts facts) {
        return protocols.isEmpty() || protocols.contains(facts.protocol());
    }

    boolean meetsServerName(Facts facts) {
        return serverNames.isEmpty() || (facts.serverName() != null && serverNames.matches(facts.serverName()));
    }

    boolean meetsApplicationProtocol(Facts facts) {
        return applicationProtocols.isEmpty()
                || facts.applicationProtocols().stream().anyMatch(applicationProtocols::contains);
    }

    boolean meetsFrom(Facts facts) {
        return from == null || (facts.client() != null && from.contains(facts.client()));
    }

    boolean meetsListener(Facts facts) {
        return listeners.isEmpty() || listeners.contains(facts.listener());
    }

    boolean meetsNot(Facts facts) {
        return not == null || !not.holds(facts);
    }

    /** The protocols that it asks for; those under two {@code not} are asked for, those under one are not. */
    Stream<String> namedProtocols() {
        return not == null || not.not == null
                ? protocols.stream()
                : Stream.concat(protocols.stream(), not.not.namedProtocols());
    }

    /** The notation of the route file, cut short where a key has many entries. */
    @Override
    public String toString() {
        List<String> keys = new ArrayList<>();
        add(keys, "protocol", protocols);
        add(keys, "sni", serverNames.patterns());
        add(keys, "alpn", applicationProtocols);
        if (from != null) {
            keys.add("from: [" + some(from.blocks()) + "]");
        }
        add(keys, "listener", listeners);
        if (not != null) {
            keys.add("not: " + not);
        }
        return keys.stream().collect(Collectors.joining(", ", "{", "}"));
    }

    private static void add(List<String> keys, String key, List<?> entries) {
        if (!entries.isEmpty()) {
            keys.add(key + ": " + (entries.size() == 1 ? some(entries) : "[" + some(entries) + "]"));
        }
    }

    /** The first few of {@code entries}, and how many more. */
    public static String some(Collection<?> entries) {
        int shown = 4;
        String text = entries.stream().limit(shown).map(Object::toString).collect(Collectors.joining(", "));
        return entries.size() <= shown ? text : text + " and " + (entries.size() - shown) + " more";
    }
}
