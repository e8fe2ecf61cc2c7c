package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Any number of address blocks. A look-up costs one hash a distinct prefix length, however many the blocks.
 *
 * @param byPrefixLength the blocks, under the length of their prefix in 128 bits; possibly none, which contains nobody
 */
public record CidrSet(Map<Integer, Set<Cidr>> byPrefixLength) {
    /** The set of {@code blocks}. */
    public static CidrSet of(Collection<Cidr> blocks) {
        Map<Integer, Set<Cidr>> byPrefixLength = new TreeMap<>();
        for (Cidr block : blocks) {
            byPrefixLength
                    .computeIfAbsent(block.prefixLength(), _ -> new LinkedHashSet<>())
                    .add(block);
        }
        return new CidrSet(Collections.unmodifiableMap(byPrefixLength));
    }

    /** Whether one of the blocks contains {@code client}. */
    public boolean contains(Endpoint client) {
        for (Map.Entry<Integer, Set<Cidr>> entry : byPrefixLength.entrySet()) {
            int prefixLength = entry.getKey();
            if (Cidr.comparable(client, prefixLength) && entry.getValue().contains(Cidr.around(client, prefixLength))) {
                return true;
            }
        }
        return false;
    }

    /** The blocks, the widest first. */
    public List<Cidr> blocks() {
        return byPrefixLength.values().stream().flatMap(Set::stream).toList();
    }
}
