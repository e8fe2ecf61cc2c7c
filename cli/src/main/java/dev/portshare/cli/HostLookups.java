package dev.portshare.cli;

import dev.portshare.config.Configuration;
import dev.portshare.config.Finding;
import dev.portshare.config.Severity;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Backend;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks this machine's resolver for every host name in a configuration. It connects nowhere. */
final class HostLookups {
    /** As many at once as resolvers bear from one client. */
    private static final int THREADS = 16;

    /** The blocking call: {@link InetAddress#getAllByName}. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] allByName(String host) throws UnknownHostException;
    }

    private HostLookups() {}

    /**
     * A warning for each place that names a host without address.
     *
     * @param patience how long all look-ups together may take; names that have no answer by then get a warning that says so
     */
    static List<Finding> findings(Configuration configuration, Duration patience) throws InterruptedException {
        return findings(configuration, patience, InetAddress::getAllByName);
    }

    static List<Finding> findings(Configuration configuration, Duration patience, Lookup lookup)
            throws InterruptedException {
        Map<String, List<String>> pathsByHost = hosts(configuration);
        List<Callable<Boolean>> lookups = new ArrayList<>();
        for (String host : pathsByHost.keySet()) {
            lookups.add(() -> hasAddress(host, lookup));
        }
        List<Finding> findings = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().factory());
        try {
            Iterator<Future<Boolean>> answers = threads.invokeAll(lookups, patience.toMillis(), TimeUnit.MILLISECONDS)
                    .iterator();
            pathsByHost.forEach((host, paths) -> {
                Future<Boolean> answer = answers.next();
                if (answer.state() != Future.State.SUCCESS) {
                    String whyNot =
                            "\"" + host + "\" had no answer from DNS within " + patience.toSeconds() + " seconds";
                    paths.forEach(path -> findings.add(finding(path, whyNot)));
                } else if (!answer.resultNow()) {
                    paths.forEach(path -> findings.add(finding(path, "\"" + host + "\" has no address")));
                }
            });
        } finally {
            threads.shutdownNow();
        }
        return findings;
    }

    private static Finding finding(String path, String whyNot) {
        return new Finding(
                Severity.WARNING,
                path,
                whyNot + "; correct the name, or add it to DNS or /etc/hosts (--offline leaves names out)");
    }

    private static boolean hasAddress(String host, Lookup lookup) {
        try {
            lookup.allByName(host);
            return true;
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /** The places in which each name stands. */
    private static Map<String, List<String>> hosts(Configuration configuration) {
        Map<String, List<String>> paths = new LinkedHashMap<>();
        for (int i = 0; i < configuration.listen().size(); i++) {
            if (configuration.listen().get(i) instanceof ListenAddress.Tcp tcp && tcp.literal() == null) {
                paths.computeIfAbsent(tcp.host(), _ -> new ArrayList<>()).add("listen[" + i + "]");
            }
        }
        for (int i = 0; i < configuration.routes().size(); i++) {
            for (Backend.Tcp backend : configuration.routes().get(i).to().tcpBackends()) {
                if (backend.literal() == null) {
                    paths.computeIfAbsent(backend.host(), _ -> new ArrayList<>())
                            .add("routes[" + i + "].to");
                }
            }
        }
        return paths;
    }
}
