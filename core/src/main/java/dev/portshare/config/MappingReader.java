package dev.portshare.config;

import dev.portshare.route.Cidr;
import dev.portshare.route.IpLiteral;
import dev.portshare.route.Mapping;
import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Reads {@code mapped:}. */
final class MappingReader {
    static final YamlKeys KEYS = new YamlKeys(List.of("pool", "remember", "map"), Set.of());

    /** A /30: fewer addresses than four are no pool. */
    private static final int LONGEST_PREFIX = 96 + 30;

    private MappingReader() {}

    /** What it says; what it does not say is as in {@link Mapping#DEFAULT}. */
    static Mapping read(YamlValue value) {
        Mapping defaults = Mapping.DEFAULT;
        YamlFields fields = value.fields("a mapping such as {remember: 2h}", KEYS);
        if (fields == null) {
            return defaults;
        }
        YamlValue pool = fields.get("pool");
        YamlValue remember = fields.get("remember");
        YamlValue map = fields.get("map");
        Cidr block = pool == null ? null : pool.read("an IPv4 CIDR", MappingReader::pool);
        Duration time = remember == null ? null : remember.read("a duration such as 2h", Durations::parse);
        return new Mapping(
                Objects.requireNonNullElse(block, defaults.pool()),
                Objects.requireNonNullElse(time, defaults.remember()),
                map == null ? Map.of() : fixed(map));
    }

    private static Cidr pool(String word) {
        Cidr block = Cidr.parse(word);
        if (!block.first().isIpv4() || block.prefixLength() > LONGEST_PREFIX) {
            throw new IllegalArgumentException("\"" + word + "\" is no pool of addresses; write an IPv4 CIDR of this"
                    + " machine's own addresses such as 127.64.0.0/10, at least a /30");
        }
        return block;
    }

    private static Map<Endpoint, Endpoint> fixed(YamlValue map) {
        Map<Endpoint, Endpoint> fixed = new HashMap<>();
        Map<Endpoint, YamlValue> given = new HashMap<>();
        for (YamlEntry entry : map.entries("a mapping such as {203.0.113.9: 127.64.0.9}")) {
            Endpoint client = entry.key().read("a client's address", MappingReader::address);
            Endpoint stand = entry.value().read("an IPv4 address", MappingReader::ipv4);
            if (client == null || stand == null) {
                continue;
            }
            if (fixed.putIfAbsent(client, stand) != null) {
                entry.key().problem("this client has an address already; leave one out");
            }
            YamlValue first = given.putIfAbsent(stand, entry.value());
            if (first != null) {
                entry.value().problem("this address stands for another client already, in line " + first.line());
            }
        }
        return fixed;
    }

    private static Endpoint address(String word) {
        InetAddress address = IpLiteral.parse(word);
        if (address == null) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no IP address; write one such as 203.0.113.9 or \"2001:db8::7\"");
        }
        return Endpoint.of(address, 0);
    }

    private static Endpoint ipv4(String word) {
        Endpoint address = address(word);
        if (!address.isIpv4()) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no IPv4 address; write one of this machine's own, such as 127.64.0.9");
        }
        return address;
    }
}
