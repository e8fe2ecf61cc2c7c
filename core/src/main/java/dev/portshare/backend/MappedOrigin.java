package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import dev.portshare.route.Mapping;
import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An address out of {@code pool} that stands for the client. A client that has no address comes from where the kernel chooses.
 *
 * @param mapping what one configuration says of the pool
 */
record MappedOrigin(MappedPool pool, Mapping mapping) implements Origin {
    /** More than that are not told of: they have one cause. */
    private static final int MOST_TOLD = 3;

    @Override
    public void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        Endpoint client = connection.peer();
        if (client != null) {
            MappedLease lease = new MappedLease(pool, pool.lease(client, System.nanoTime()));
            connection.attach(lease);
            Binding.address(side, lease.standIn().address());
        }
    }

    @Override
    public boolean reaches(InetAddress backend, Connection connection) {
        return backend instanceof Inet4Address || connection.peer() == null;
    }

    @Override
    public void adopt(Connection connection) {
        Endpoint client = connection.peer();
        Endpoint address = connection.backendSees();
        if (client != null && address != null && address.isIpv4()) {
            MappedEntry entry = pool.adopt(client, (int) address.low());
            if (entry != null) {
                connection.attach(new MappedLease(pool, entry));
            }
        }
    }

    @Override
    public void inForce() {
        pool.follow(mapping);
    }

    @Override
    public void check(Consumer<String> problem) {
        MappedBlock block = MappedBlock.of(mapping.pool());
        for (int number : new int[] {0, block.size() - 1}) {
            Endpoint address = Endpoint.ipv4(block.address(number), 0);
            String why = Binding.refusal(address);
            if (why != null) {
                problem.accept("mapped.pool " + mapping.pool() + ": cannot connect from " + address.hostString() + ": "
                        + why + "; make the pool this machine's own by: ip route add local " + mapping.pool()
                        + " dev lo");
                break;
            }
        }
        checkFixed(problem);
    }

    private void checkFixed(Consumer<String> problem) {
        Set<Endpoint> fixed = new LinkedHashSet<>(mapping.fixed().values());
        fixed.stream()
                .filter(address -> Binding.refusal(address) != null)
                .limit(MOST_TOLD)
                .forEach(address -> problem.accept("mapped.map: cannot connect from " + address.hostString() + ": "
                        + Binding.refusal(address) + "; make it this machine's own by: ip route add local "
                        + address.hostString() + " dev lo"));
    }
}
