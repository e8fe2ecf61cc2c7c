package dev.portshare.config;

import dev.portshare.route.Condition;
import dev.portshare.route.HandshakeTerms;
import java.util.List;
import java.util.Set;

/** What a route inside of TLS asks: of the handshake, and of the bytes that come behind it. */
record InnerCondition(HandshakeTerms handshake, Condition bytes) {
    static final InnerCondition ANY = new InnerCondition(HandshakeTerms.ANY, Condition.ANY);

    /** The keys that say something of a backend. */
    static final List<String> OF_BACKENDS =
            List.of("to", "balance", "health", "proxy-protocol", "source", "journal", "journal-format", "idle");

    /** The keys of a route inside of TLS. */
    static final YamlKeys ROUTE_KEYS = new YamlKeys(
            List.of(
                    "name",
                    "when",
                    "to",
                    "tls",
                    "balance",
                    "health",
                    "allow",
                    "deny",
                    "proxy-protocol",
                    "source",
                    "journal",
                    "journal-format",
                    "idle"),
            Set.of());
}
