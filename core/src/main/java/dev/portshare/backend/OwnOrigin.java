package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import dev.portshare.route.AddressRange;
import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Addresses of this machine, by turns. */
final class OwnOrigin implements Origin {
    private static final Logger LOG = LogManager.getLogger(OwnOrigin.class);

    /** How many addresses are tried for one connection. */
    private static final int MOST_TRIED = 16;

    /** Of so many addresses each is looked for at the start; of more, the first and the last. */
    private static final int FEW = 64;

    private final String route;
    private final AddressRange addresses;
    private final AtomicInteger turn = new AtomicInteger();
    private final Sparingly warnings = new Sparingly();

    OwnOrigin(String route, AddressRange addresses) {
        this.route = route;
        this.addresses = addresses;
    }

    @Override
    public Origin forOne() {
        return new Turn(Integer.remainderUnsigned(turn.getAndIncrement(), addresses.size()));
    }

    @Override
    public void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        forOne().bind(side, backend, connection);
    }

    @Override
    public boolean reaches(InetAddress backend, Connection connection) {
        return addresses.first().isIpv4() == (backend instanceof Inet4Address);
    }

    @Override
    public int alternatives() {
        return Math.min(addresses.size(), MOST_TRIED) - 1;
    }

    @Override
    public void check(Consumer<String> problem) {
        int step = addresses.size() <= FEW ? 1 : addresses.size() - 1;
        for (int index = 0; index < addresses.size(); index += step) {
            Endpoint address = addresses.get(index);
            if (Binding.refusal(address) != null) {
                problem.accept("route " + route + ", source " + addresses + ": " + problem(address));
                return;
            }
        }
    }

    private static String problem(Endpoint address) {
        return address.hostString() + " is no address of this machine. Name one that is, or write: ip address add "
                + address.hostString() + (address.isIpv4() ? "/32" : "/128") + " dev lo";
    }

    @Override
    public String toString() {
        return addresses.toString();
    }

    /** One connection's: each try leads to the address that follows, whatever those of other connections do meanwhile. */
    private final class Turn implements Origin {
        private int next;

        Turn(int first) {
            this.next = first;
        }

        /** An address that this machine has no more is passed over. */
        @Override
        public void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException {
            int tries = alternatives() + 1;
            while (true) {
                Endpoint address = addresses.get(next);
                next = (next + 1) % addresses.size();
                try {
                    Binding.address(side, address.address());
                    return;
                } catch (NotOwnException e) {
                    if (warnings.mayWarn()) {
                        LOG.warn("route {}: {}", route, problem(address));
                    }
                    if (--tries == 0) {
                        throw e;
                    }
                }
            }
        }

        @Override
        public boolean reaches(InetAddress backend, Connection connection) {
            return OwnOrigin.this.reaches(backend, connection);
        }

        @Override
        public int alternatives() {
            return OwnOrigin.this.alternatives();
        }

        @Override
        public void check(Consumer<String> problem) {
            OwnOrigin.this.check(problem);
        }

        @Override
        public String toString() {
            return OwnOrigin.this.toString();
        }
    }
}
