package dev.portshare.config;

import dev.portshare.listen.Access;
import dev.portshare.listen.ListenAddress;
import dev.portshare.listen.TrustedProxies;
import dev.portshare.route.AccessList;
import dev.portshare.route.Backend;
import dev.portshare.route.Cidr;
import dev.portshare.route.CidrSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads {@code listen:}. */
final class ListenReader {
    static final YamlKeys KEYS =
            new YamlKeys(List.of("address", "proxy-protocol", "allow", "deny", "connections"), Set.of());
    static final YamlKeys PROXY_KEYS = new YamlKeys(List.of("from"), Set.of());

    private final BlockReader blocks;
    private final Map<String, ListenAddress> addresses = new LinkedHashMap<>();
    private final Map<String, Access> access = new LinkedHashMap<>();
    private final Map<String, Integer> limits = new LinkedHashMap<>();

    ListenReader(BlockReader blocks) {
        this.blocks = blocks;
    }

    /** Reads one address, or a list of them. */
    void read(YamlValue value) {
        boolean isAlone = value.node() instanceof MappingNode;
        for (YamlValue entry : isAlone ? List.of(value) : value.oneOrMore("an address")) {
            if (entry.node() instanceof MappingNode) {
                mapping(entry);
            } else {
                address(entry);
            }
        }
    }

    /** The addresses under their notations, in their order. */
    Map<String, ListenAddress> addresses() {
        return addresses;
    }

    /** Who is let in at those addresses that are not open to everybody alike, under their notations. */
    Map<String, Access> access() {
        return access;
    }

    /** How many connections there may be at those addresses that have a limit, under their notations. */
    Map<String, Integer> limits() {
        return limits;
    }

    private @Nullable ListenAddress address(YamlValue value) {
        ListenAddress address = value.read("an address", ListenAddress::parse);
        if (address != null && addresses.putIfAbsent(address.toString(), address) != null) {
            value.problem("\"" + address + "\" twice; leave one out");
        }
        return address;
    }

    private void mapping(YamlValue entry) {
        YamlFields fields = entry.fields("an address", KEYS);
        if (fields == null) {
            return;
        }
        YamlValue address = fields.require("address", "write one such as address: 443");
        ListenAddress parsed = address == null ? null : address(address);
        YamlValue proxyProtocol = fields.get("proxy-protocol");
        TrustedProxies trusted = proxyProtocol == null ? null : proxies(proxyProtocol, parsed);
        CidrSet allow = clients(fields.get("allow"), parsed, trusted);
        CidrSet deny = clients(fields.get("deny"), parsed, trusted);
        if (parsed != null && (trusted != null || allow != null || deny != null)) {
            access.put(
                    parsed.toString(),
                    new Access(trusted, allow == null && deny == null ? null : new AccessList(allow, deny)));
        }
        YamlValue limit = fields.get("connections");
        if (parsed != null && limit != null) {
            limits.put(parsed.toString(), LimitsReader.count(limit));
        }
    }

    private @Nullable CidrSet clients(
            @Nullable YamlValue value, @Nullable ListenAddress address, @Nullable TrustedProxies trusted) {
        if (value != null && address instanceof ListenAddress.Unix && trusted == null) {
            value.problem("clients of \"" + address + "\" have no address; leave it out");
        }
        return value == null ? null : blocks.readAll(value);
    }

    private @Nullable TrustedProxies proxies(YamlValue value, @Nullable ListenAddress address) {
        YamlFields fields = value.fields("the proxies that are believed, such as {from: [10.0.0.0/8]}", PROXY_KEYS);
        YamlValue from = fields == null
                ? null
                : fields.require(
                        "from", "write the addresses of the proxies that are believed, such as from: [10.0.0.0/8]");
        if (from == null) {
            return null;
        }
        List<Cidr> found = new ArrayList<>();
        boolean unix = false;
        for (YamlValue entry : from.oneOrMore("a CIDR, a file or " + TrustedProxies.UNIX)) {
            String word = entry.node() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (word.equals(TrustedProxies.UNIX)) {
                unix = true;
            } else if (word.startsWith(Backend.Unix.PREFIX)) {
                entry.problem(
                        "clients on Unix sockets have no address; write " + TrustedProxies.UNIX + " for all of them");
            } else {
                found.addAll(blocks.read(entry));
            }
        }
        if (address instanceof ListenAddress.Unix && !unix) {
            from.problem("clients of \"" + address + "\" have no address; write " + TrustedProxies.UNIX
                    + " to believe all who may open the socket");
        }
        return new TrustedProxies(CidrSet.of(found), unix);
    }
}
