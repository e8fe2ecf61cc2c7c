package dev.portshare.route;

import dev.portshare.detect.openvpn.ClientKey;
import dev.portshare.detect.openvpn.Proof;
import dev.portshare.session.Endpoint;
import dev.portshare.session.Escaped;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a route takes a connection or leaves it.
 *
 * @param whyNot null: it takes it; otherwise a clause such as {@code protocol is tls, not openvpn}
 */
public record Explanation(Route route, @Nullable String whyNot) {
    static Explanation of(Route route, Facts facts) {
        return new Explanation(route, whyNot(route.when(), facts));
    }

    private static @Nullable String whyNot(Condition when, Facts facts) {
        if (!when.meetsProtocol(facts)) {
            return "protocol is " + facts.protocol() + ", not " + String.join(" or ", when.protocols());
        }
        if (!when.meetsListener(facts)) {
            return "listener is " + facts.listener() + ", not " + String.join(" or ", when.listeners());
        }
        if (!when.meetsServerName(facts)) {
            return facts.serverName() == null
                    ? "no SNI"
                    : "sni " + Escaped.of(facts.serverName()) + " matches none of "
                            + Condition.some(when.serverNames().patterns());
        }
        if (!when.meetsHost(facts)) {
            return facts.host() == null
                    ? "no host"
                    : "host " + Escaped.of(facts.host()) + " matches none of "
                            + Condition.some(when.hosts().patterns());
        }
        if (!when.meetsCookie(facts)) {
            return facts.cookie() == null
                    ? "no rdp-cookie"
                    : "rdp-cookie " + Escaped.of(facts.cookie()) + " is none of " + Condition.some(when.cookies());
        }
        if (!when.meetsEncryptedHello(facts)) {
            return "ech is " + facts.head().encryptedHello();
        }
        if (!when.meetsApplicationProtocol(facts)) {
            return facts.applicationProtocols().isEmpty()
                    ? "no ALPN"
                    : "alpn " + escaped(facts.applicationProtocols()) + " has none of "
                            + Condition.some(when.applicationProtocols());
        }
        ProofTerms terms = when.proof();
        if (terms != null && !when.meetsProof(facts)) {
            return unproven(terms, facts.proof());
        }
        CidrSet from = when.from();
        if (from != null && !when.meetsFrom(facts)) {
            Endpoint client = facts.client();
            return (client == null ? "a client without an address" : "client " + client.hostString()) + " is not in "
                    + (from.isEmpty() ? "an empty list" : Condition.some(from.blocks()));
        }
        if (!when.meetsGates(facts)) {
            return facts.client() == null
                    ? "a client without an address cannot knock"
                    : "no gate to it is open to the client";
        }
        return when.meetsNot(facts) ? null : "it meets not: " + when.not();
    }

    private static String unproven(ProofTerms terms, @Nullable Proof proof) {
        if (proof == null) {
            return "no openvpn-key has made this packet";
        }
        if (!terms.meetsKey(proof)) {
            return "its openvpn-key, a " + proof.key() + ", is another";
        }
        ClientKey key = proof.clientKey();
        if (key == null) {
            return "a " + proof.key() + " client has no key of its own";
        }
        return terms.meetsSince(key)
                ? "openvpn-client " + key.hash() + " is not in the list"
                : key.issued() == ClientKey.UNKNOWN
                        ? "the client's key does not say when it was made"
                        : "the client's key was made at " + Instant.ofEpochSecond(key.issued()) + ", before "
                                + terms.since();
    }

    private static String escaped(List<String> names) {
        return names.stream().map(Escaped::of).collect(Collectors.joining(", "));
    }
}
