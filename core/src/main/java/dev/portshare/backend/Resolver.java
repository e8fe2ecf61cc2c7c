package dev.portshare.backend;

import dev.portshare.dns.Answer;
import dev.portshare.dns.Known;
import dev.portshare.dns.Names;
import dev.portshare.dns.Question;
import dev.portshare.dns.ServiceRecord;
import dev.portshare.route.Backend;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns backend names into addresses and services, and keeps these up to date ({@link Known}). Until the first name is asked for, nothing
 * of what that takes is loaded, and no thread runs.
 */
public final class Resolver implements AutoCloseable {
    private static final Logger LOG = LogManager.getLogger(Resolver.class);

    private final ConcurrentHashMap<String, Known<InetAddress>> addresses = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Known<Service>> services = new ConcurrentHashMap<>();
    /** The hosts of each service, whose names are whole: not to be completed. */
    private final ConcurrentHashMap<String, Set<String>> hosts = new ConcurrentHashMap<>();

    private @Nullable Names names;
    private @Nullable Sparingly troubles;

    /**
     * The addresses of {@code host}, never empty, in the order in which they are to be tried; fails with an {@link UnknownHostException}.
     * Only who asks first waits. Where nothing has changed, it is the very list that was returned before.
     */
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        Known<InetAddress> known = addresses.get(host);
        if (known == null) {
            known = addresses.computeIfAbsent(
                    host,
                    _ -> known(
                            host,
                            addresses,
                            names -> last -> names.addresses(isWhole(host) ? host.concat(".") : host, last)));
        }
        return known.answer();
    }

    /**
     * The services behind {@code name}, such as {@code _https._tcp.example.org}, never empty, those of the lowest priority number first;
     * otherwise as {@link #resolve}. It fails too where it is said that the service is not there.
     */
    public CompletableFuture<List<Service>> services(String name) {
        Known<Service> known = services.get(name);
        if (known == null) {
            known = services.computeIfAbsent(
                    name,
                    _ -> known(
                            name,
                            services,
                            names -> _ -> names.services(name).thenApply(answer -> services(name, answer))));
        }
        return known.answer();
    }

    /** Begins to look up what {@code backend} has to be looked up for, if anything. */
    void prepare(Backend backend) {
        if (backend instanceof Backend.Tcp tcp && tcp.literal() == null) {
            var _ = resolve(tcp.host());
        } else if (backend instanceof Backend.Srv srv) {
            var _ = services(srv.name()).thenAccept(all -> {
                for (Service service : all) {
                    var _ = resolve(service.host());
                }
            });
        }
    }

    /** Those that can be connected to, in an order of ours: a name server gives them in another each time, which means nothing. */
    private Answer<Service> services(String name, Answer<ServiceRecord> answer) {
        List<Service> all = new ArrayList<>();
        for (ServiceRecord record : answer.found()) {
            String host = record.target().replaceFirst("\\.$", "");
            try {
                var _ = new Backend.Tcp(host, record.port());
            } catch (IllegalArgumentException e) {
                LOG.debug("a service that cannot be connected to: {}", e.getMessage());
                continue;
            }
            all.add(new Service(host, record.port(), record.priority(), record.weight()));
        }
        all.sort(Comparator.comparingInt(Service::priority)
                .thenComparingInt(service -> -service.weight())
                .thenComparing(Service::host)
                .thenComparingInt(Service::port));
        hosts.put(name, all.stream().map(Service::host).collect(Collectors.toSet()));
        return new Answer<>(List.copyOf(all), answer.ttl());
    }

    private boolean isWhole(String host) {
        for (Set<String> all : hosts.values()) {
            if (all.contains(host)) {
                return true;
            }
        }
        return false;
    }

    private <T> Known<T> known(
            String name, ConcurrentHashMap<String, Known<T>> all, Function<Names, Question<T>> question) {
        Names asked = names();
        return new Known<>(question.apply(asked), asked, new Known.Owner() {
            @Override
            public void troubled(UnknownHostException why) {
                warn(name, why);
            }

            @Override
            public void forgotten() {
                all.remove(name);
                hosts.remove(name);
            }
        });
    }

    private synchronized Names names() {
        if (names == null) {
            names = new Names(this::renew);
            troubles = new Sparingly();
        }
        return names;
    }

    private void renew() {
        addresses.values().forEach(Known::renew);
        services.values().forEach(Known::renew);
    }

    private void warn(String name, UnknownHostException why) {
        if (troubles != null && troubles.mayWarn()) {
            LOG.warn(
                    "backend name {} cannot be looked up anew ({}): connections go where it led last, and it is asked"
                            + " for again and again. More names may be concerned. Look at /etc/resolv.conf, and at"
                            + " the name server.",
                    name,
                    why.getMessage());
        } else {
            LOG.debug("backend name {}: {}", name, why.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        if (names != null) {
            names.close();
        }
    }
}
