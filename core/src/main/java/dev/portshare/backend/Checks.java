package dev.portshare.backend;

import dev.portshare.backend.check.Probe;
import dev.portshare.route.Backend;
import dev.portshare.route.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Asks the backends of the routes in force that are to be checked, again and again; each on a thread of its own while that takes. */
final class Checks implements AutoCloseable {
    /** So often it is looked whether there are others, as with servers that DNS names. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final Resolver resolver;
    private final Thread clock;
    private volatile List<Group> groups = List.of();
    private volatile boolean isClosed;

    /** When one is checked next. */
    private static final class Due {
        private long at;
        private volatile boolean isAsked;

        private Due(long now) {
            at = now;
        }
    }

    Checks(Resolver resolver) {
        this.resolver = resolver;
        this.clock = Thread.ofPlatform().daemon().name("health-checks").start(this::run);
    }

    /** From now on the backends of these are checked, and no others. */
    void inForce(Collection<Group> groups) {
        this.groups = groups.stream().filter(Group::isChecked).toList();
        LockSupport.unpark(clock);
    }

    private void run() {
        Map<Verdict, Due> dues = new HashMap<>();
        while (!isClosed) {
            long now = System.nanoTime();
            long next = now + LOOK;
            Map<Verdict, Due> seen = new HashMap<>();
            for (Group group : groups) {
                var _ = group.pending(resolver);
                for (Choice choice : group.known()) {
                    Due due = seen.computeIfAbsent(choice.verdict(), key -> dues.getOrDefault(key, new Due(now)));
                    if (due.at - now <= 0 && !due.isAsked) {
                        ask(choice, group, due, now);
                    }
                    next = due.at - next < 0 && due.at - now > 0 ? due.at : next;
                }
            }
            dues.clear();
            dues.putAll(seen);
            LockSupport.parkNanos(next - now);
        }
    }

    private void ask(Choice choice, Group group, Due due, long now) {
        Health.Check check = group.check();
        due.isAsked = true;
        // Not all of them at once.
        due.at = now
                + (long) (check.every().toNanos() * ThreadLocalRandom.current().nextDouble(0.95, 1.05));
        Thread.ofVirtual().name("check ", 0).start(() -> {
            try {
                ask(choice.backend(), group.probe(), check);
                choice.verdict().succeeded();
            } catch (IOException | RuntimeException e) {
                choice.verdict().failed("check: " + e.getMessage(), System.nanoTime());
            } finally {
                due.isAsked = false;
            }
        });
    }

    /** One address that is well is enough: that is what connections find too. */
    private void ask(Backend backend, Probe probe, Health.Check check) throws IOException {
        IOException failure = new IOException("no address");
        for (SocketAddress address : addresses(backend, check)) {
            try {
                probe.check(address, check.timeout());
                return;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private List<? extends SocketAddress> addresses(Backend backend, Health.Check check) throws IOException {
        return switch (backend) {
            case Backend.Unix(String path) -> List.of(UnixDomainSocketAddress.of(path));
            case Backend.Tcp tcp -> {
                InetAddress literal = tcp.literal();
                yield Addresses.of(literal == null ? resolved(tcp.host(), check) : List.of(literal), tcp.port());
            }
            case Backend.Srv srv -> throw new IOException("not resolved: " + srv);
        };
    }

    private List<InetAddress> resolved(String host, Health.Check check) throws IOException {
        try {
            return resolver.resolve(host).get(check.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(host + " has no address", e);
        } catch (InterruptedException e) {
            throw new IOException("stopped", e);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(clock);
    }
}
