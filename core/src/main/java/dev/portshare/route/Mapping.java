package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.time.Duration;
import java.util.Map;

/**
 * The addresses of this machine that stand for clients' ({@link Source.Mapped}).
 *
 * @param pool     an IPv4 block, at least a /30
 * @param remember how long a client keeps its address after its last connection
 * @param fixed    what stands for certain clients always: the client's address, and one of this machine, which is IPv4; their
 *                 ports are 0
 */
public record Mapping(Cidr pool, Duration remember, Map<Endpoint, Endpoint> fixed) {
    public static final Mapping DEFAULT = new Mapping(Cidr.parse("127.64.0.0/10"), Duration.ofHours(2), Map.of());

    public Mapping {
        fixed = Map.copyOf(fixed);
    }
}
