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
 * @param protocols            the one that a key below implies, and nothing else, where such a key asks something
 * @param serverNames          TLS; a client that sent none meets none
 * @param applicationProtocols ALPN names, TLS; a client that sent none meets none
 * @param encryptedHello       whether the TLS hello has an encrypted one in it
 * @param hosts                HTTP; a client that sent none meets none
 * @param cookies              RDP, compared byte for byte; a client that sent none meets none
 * @param proof                OpenVPN; a client that proved nothing meets none
 * @param from                 address blocks; those of no block at all contain nobody
 * @param listeners            notations of listening addresses, {@code ListenAddress.toString()}
 * @param gates                names that knock, as {@code Facts.open()} has them; no key says so, but the gates that open the route
 * @param not                  a condition that must not hold
 */
public record Condition(
        List<String> protocols,
        ServerNameSet serverNames,
        List<String> applicationProtocols,
        @Nullable Boolean encryptedHello,
        ServerNameSet hosts,
        List<String> cookies,
        @Nullable ProofTerms proof,
        @Nullable CidrSet from,
        List<String> listeners,
        List<String> gates,
        @Nullable Condition not) {
    /** Every connection meets it. */
    public static final Condition ANY = new Condition(
            List.of(),
            ServerNameSet.EMPTY,
            List.of(),
            null,
            ServerNameSet.EMPTY,
            List.of(),
            null,
            null,
            List.of(),
            List.of(),
            null);

    /** Refuses what no connection can have: keys of two protocols, or a key of another protocol than is asked for. */
    public Condition {
        boolean tls = !serverNames.isEmpty() || !applicationProtocols.isEmpty() || encryptedHello != null;
        if (tls) {
            protocols = implied(protocols, Detectors.TLS, "sni, alpn and ech");
        }
        if (!hosts.isEmpty()) {
            protocols = implied(protocols, Detectors.HTTP, "a host");
        }
        if (!cookies.isEmpty()) {
            protocols = implied(protocols, Detectors.RDP, "an rdp-cookie");
        }
        if (proof != null) {
            protocols = implied(protocols, Detectors.OPENVPN, "a key");
        }
        protocols = List.copyOf(protocols);
        applicationProtocols = List.copyOf(applicationProtocols);
        cookies = List.copyOf(cookies);
        listeners = List.copyOf(listeners);
        gates = List.copyOf(gates);
    }

    private static List<String> implied(List<String> protocols, String protocol, String what) {
        for (String other : protocols) {
            if (!other.equals(protocol)) {
                throw new IllegalArgumentException("only " + protocol + " has " + what
                        + "; write a route of its own for " + String.join(", ", protocols));
            }
        }
        return List.of(protocol);
    }

    /** This, but for its protocols. */
    public Condition withProtocols(List<String> other) {
        ConditionParts parts = new ConditionParts(this);
        parts.protocols = other;
        return parts.whole();
    }

    /** This, but for its server names. */
    public Condition withServerNames(ServerNameSet other) {
        ConditionParts parts = new ConditionParts(this);
        parts.serverNames = other;
        return parts.whole();
    }

    /** This, but for its ALPN names. */
    public Condition withApplicationProtocols(List<String> other) {
        ConditionParts parts = new ConditionParts(this);
        parts.applicationProtocols = other;
        return parts.whole();
    }

    /** This, but for what it says of encrypted hellos. */
    public Condition withEncryptedHello(@Nullable Boolean other) {
        ConditionParts parts = new ConditionParts(this);
        parts.encryptedHello = other;
        return parts.whole();
    }

    /** This, but for its HTTP hosts. */
    public Condition withHosts(ServerNameSet other) {
        ConditionParts parts = new ConditionParts(this);
        parts.hosts = other;
        return parts.whole();
    }

    /** This, but for its RDP cookies. */
    public Condition withCookies(List<String> other) {
        ConditionParts parts = new ConditionParts(this);
        parts.cookies = other;
        return parts.whole();
    }

    /** This, but for what it asks of an OpenVPN client's proof. */
    public Condition withProof(@Nullable ProofTerms other) {
        ConditionParts parts = new ConditionParts(this);
        parts.proof = other;
        return parts.whole();
    }

    /** This, but for its client addresses. */
    public Condition withFrom(@Nullable CidrSet other) {
        ConditionParts parts = new ConditionParts(this);
        parts.from = other;
        return parts.whole();
    }

    /** This, but for its listeners. */
    public Condition withListeners(List<String> other) {
        ConditionParts parts = new ConditionParts(this);
        parts.listeners = other;
        return parts.whole();
    }

    /** This, but for the names that knock. */
    public Condition withGates(List<String> other) {
        ConditionParts parts = new ConditionParts(this);
        parts.gates = other;
        return parts.whole();
    }

    /** This, but for what it excludes. */
    public Condition withNot(@Nullable Condition other) {
        ConditionParts parts = new ConditionParts(this);
        parts.not = other;
        return parts.whole();
    }

    /** The server names or the hosts: it cannot ask for both. */
    public ServerNameSet names() {
        return serverNames.isEmpty() ? hosts : serverNames;
    }

    /** This with {@code other} in place of its {@link #names}. */
    Condition withNames(ServerNameSet other) {
        return serverNames.isEmpty() ? withHosts(other) : withServerNames(other);
    }

    /** What will come of it where {@code facts} have the protocol, the client with what is open to it, and the listener, and the rest is to follow. */
    Outlook outlook(Facts facts) {
        if (!meetsProtocol(facts) || !meetsListener(facts) || !meetsFrom(facts) || !meetsGates(facts)) {
            return Outlook.FAILS;
        }
        Outlook excluded = not == null ? Outlook.FAILS : not.outlook(facts);
        if (excluded == Outlook.HOLDS) {
            return Outlook.FAILS;
        }
        return asksOfTheHead() || excluded == Outlook.OPEN ? Outlook.OPEN : Outlook.HOLDS;
    }

    private boolean asksOfTheHead() {
        return !serverNames.isEmpty()
                || !applicationProtocols.isEmpty()
                || encryptedHello != null
                || !hosts.isEmpty()
                || !cookies.isEmpty()
                || proof != null;
    }

    /** Whether it is {@link #ANY}, or as good. Not by a record's own equals, which takes the start 50 ms. */
    public boolean asksNothing() {
        return protocols.isEmpty()
                && listeners.isEmpty()
                && gates.isEmpty()
                && from == null
                && not == null
                && !asksOfTheHead();
    }

    /** Whether {@code facts} meet every key. */
    public boolean holds(Facts facts) {
        return holdsButForNames(facts) && meetsServerName(facts) && meetsHost(facts);
    }

    /** Whether {@code facts} meet every key other than those of {@link #names}. */
    boolean holdsButForNames(Facts facts) {
        return meetsProtocol(facts)
                && meetsListener(facts)
                && meetsCookie(facts)
                && meetsProof(facts)
                && meetsEncryptedHello(facts)
                && meetsApplicationProtocol(facts)
                && meetsFrom(facts)
                && meetsGates(facts)
                && meetsNot(facts);
    }

    boolean meetsProtocol(Facts facts) {
        return protocols.isEmpty() || protocols.contains(facts.protocol());
    }

    boolean meetsServerName(Facts facts) {
        return serverNames.isEmpty() || (facts.serverName() != null && serverNames.matches(facts.serverName()));
    }

    boolean meetsHost(Facts facts) {
        return hosts.isEmpty() || (facts.host() != null && hosts.matches(facts.host()));
    }

    boolean meetsCookie(Facts facts) {
        return cookies.isEmpty() || (facts.cookie() != null && cookies.contains(facts.cookie()));
    }

    boolean meetsProof(Facts facts) {
        return proof == null || proof.meets(facts.proof());
    }

    /** A condition that says something of encrypted hellos implies TLS, which {@link #meetsProtocol} asks for. */
    boolean meetsEncryptedHello(Facts facts) {
        return encryptedHello == null || encryptedHello == facts.head().encryptedHello();
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

    boolean meetsGates(Facts facts) {
        if (gates.isEmpty()) {
            return true;
        }
        for (String gate : gates) {
            if (facts.open().contains(gate)) {
                return true;
            }
        }
        return false;
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
        if (encryptedHello != null) {
            keys.add("ech: " + encryptedHello);
        }
        add(keys, "host", hosts.patterns());
        add(keys, "rdp-cookie", cookies);
        if (proof != null) {
            keys.addAll(proof.notation());
        }
        if (from != null) {
            keys.add("from: [" + some(from.blocks()) + "]");
        }
        add(keys, "listener", listeners);
        if (!gates.isEmpty()) {
            // Whoever may read this need not learn the name.
            keys.add("gate: ...");
        }
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
