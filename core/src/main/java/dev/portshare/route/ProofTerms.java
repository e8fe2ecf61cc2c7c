package dev.portshare.route;

import dev.portshare.detect.openvpn.ClientKey;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.detect.openvpn.Proof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks of the proof in an OpenVPN client's first packet. One without a proof meets none.
 *
 * @param keys       one of them has proven it; empty: any
 * @param since      the client's own key was made then or later, and tells; null: asks nothing
 * @param clientKeys the client's own key is one of them, each by its {@link ClientKey#hash}; those of an empty list are nobody's;
 *                   null: asks nothing
 */
public record ProofTerms(
        List<OpenVpnKey> keys,
        @Nullable Instant since,
        @Nullable Set<String> clientKeys) {
    public ProofTerms {
        keys = List.copyOf(keys);
        clientKeys = clientKeys == null ? null : Set.copyOf(clientKeys);
    }

    /** Whether a client that has proven {@code proof}, or nothing, is meant. */
    boolean meets(@Nullable Proof proof) {
        return proof != null && meetsKey(proof) && meetsSince(proof.clientKey()) && meetsClientKey(proof.clientKey());
    }

    boolean meetsKey(Proof proof) {
        return keys.isEmpty() || keys.contains(proof.key());
    }

    boolean meetsSince(@Nullable ClientKey key) {
        return since == null
                || (key != null && key.issued() != ClientKey.UNKNOWN && key.issued() >= since.getEpochSecond());
    }

    boolean meetsClientKey(@Nullable ClientKey key) {
        return clientKeys == null || (key != null && clientKeys.contains(key.hash()));
    }

    /** Whether every proof that meets this meets {@code wide}. */
    boolean implies(ProofTerms wide) {
        return (wide.keys.isEmpty() || (!keys.isEmpty() && wide.keys.containsAll(keys)))
                && (wide.since == null || (since != null && !since.isBefore(wide.since)))
                && (wide.clientKeys == null || (clientKeys != null && wide.clientKeys.containsAll(clientKeys)));
    }

    /** Whether no proof meets both. */
    boolean excludes(ProofTerms other) {
        return !keys.isEmpty() && !other.keys.isEmpty() && keys.stream().noneMatch(other.keys::contains);
    }

    /** Keys and values in the notation of the route file, where keys go by their modes. */
    List<String> notation() {
        List<String> notation = new ArrayList<>();
        if (!keys.isEmpty()) {
            notation.add("openvpn-key: "
                    + keys.stream().map(OpenVpnKey::toString).distinct().collect(Collectors.joining(", ", "[", "]")));
        }
        if (since != null) {
            notation.add("openvpn-metadata-since: " + since);
        }
        if (clientKeys != null) {
            notation.add("openvpn-client: [" + Condition.some(clientKeys) + "]");
        }
        return notation;
    }
}
