package dev.portshare.cli.doctor;

import dev.portshare.config.Configuration;
import dev.portshare.route.Backend;
import dev.portshare.route.Route;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Whether the backends answer, and only those who should reach them; and whether the way to them is as fast as it could be. */
final class BackendCheck {
    /** How long connecting may take, however long the route file lets it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String OPENVPN = "openvpn";
    private static final Set<String> UNPACED = Set.of("cubic", "reno");

    private final Configuration configuration;
    private final Machine machine;
    private final List<Diagnosis> found = new ArrayList<>();

    private BackendCheck(Configuration configuration, Machine machine) {
        this.configuration = configuration;
        this.machine = machine;
    }

    static List<Diagnosis> of(Configuration configuration, Machine machine) {
        BackendCheck check = new BackendCheck(configuration, machine);
        check.answers();
        check.openVpn();
        check.pacing();
        return check.found;
    }

    /** The backends, and the names of their routes. */
    private Map<Backend, String> backends() {
        Map<Backend, String> backends = new LinkedHashMap<>();
        for (Route route : configuration.routes()) {
            for (Backend backend : route.to().backends()) {
                backends.merge(backend, route.name(), (names, name) -> names + ", " + name);
            }
        }
        return backends;
    }

    private void answers() {
        Duration connect = configuration.timeouts().connect();
        Duration patience = connect.compareTo(PATIENCE) < 0 ? connect : PATIENCE;
        Map<Backend, String> backends = backends();
        List<CompletableFuture<Machine.Answer>> answers = new ArrayList<>();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (Backend backend : backends.keySet()) {
                answers.add(CompletableFuture.supplyAsync(() -> machine.connect(backend, patience), threads)
                        // The resolver may take longer, and cannot be interrupted.
                        .completeOnTimeout(Machine.Answer.IS_SILENT, 2 * patience.toMillis(), TimeUnit.MILLISECONDS));
            }
            Iterator<CompletableFuture<Machine.Answer>> next = answers.iterator();
            backends.forEach(
                    (backend, routes) -> answer(backend, routes, next.next().join()));
        } finally {
            threads.shutdownNow();
        }
    }

    private void answer(Backend backend, String routes, Machine.Answer answer) {
        String what = backend + ", backend of " + routes;
        switch (answer) {
            case ACCEPTS -> {}
            case REFUSES -> add(what + ", refuses connections: nothing listens there", look(backend));
            case IS_SILENT ->
                add(
                        what + ", does not answer",
                        "see whether it is up, and whether a firewall drops packets on the way");
            case UNREACHABLE -> add(what + ", cannot be reached", look(backend));
            case UNKNOWN ->
                add(
                        what + ", has no address",
                        "correct the name, or add it to DNS or /etc/hosts; getent ahosts NAME shows what the machine"
                                + " knows");
        }
    }

    private static String look(Backend backend) {
        return switch (backend) {
            case Backend.Unix(String path) ->
                "start the server, or correct to; ls -l " + path + " tells whether its socket is there, and for whom";
            case Backend.Srv srv -> "see that each server runs that dig srv " + srv.name() + " names";
            case Backend.Tcp tcp ->
                "start the server, or correct to; on its machine, ss -ltn 'sport = :" + tcp.port()
                        + "' shows whether it listens";
        };
    }

    private void add(String finding, String remedy) {
        found.add(new Diagnosis(
                "backend",
                finding,
                "clients of that route are disconnected at once, or after timeouts.connect",
                remedy));
    }

    /** A server that hides behind port 443 is found by every scan of ports, if it also listens to the outside itself. */
    private void openVpn() {
        for (Route route : configuration.allRoutes()) {
            if (route.when().protocols().contains(OPENVPN)) {
                route.to().tcpBackends().forEach(this::openVpn);
            }
        }
    }

    private void openVpn(Backend.Tcp tcp) {
        if (machine.proc().listeners().stream().anyMatch(listener -> isOpen(listener, tcp))) {
            found.add(new Diagnosis(
                    "openvpn",
                    isLoopback(tcp)
                            ? "OpenVPN listens on port " + tcp.port() + " of every address of this machine"
                            : "OpenVPN listens on " + tcp + ", an address of this machine that others reach",
                    "it can be found and probed there, past portshare",
                    "a line \"local 127.0.0.1\" in OpenVPN's server configuration, and that address in to; or,"
                            + " until the machine starts again, nft 'add table inet openvpn; add chain inet openvpn"
                            + " input { type filter hook input priority 0; }; add rule inet openvpn input iifname !="
                            + " \"lo\" tcp dport "
                            + tcp.port() + " drop'"));
        }
    }

    /** Whether others reach {@code openVpn} past portshare, at {@code listener}. */
    private static boolean isOpen(TcpListener listener, Backend.Tcp openVpn) {
        InetAddress address = listener.address();
        return listener.port() == openVpn.port()
                && (isLoopback(openVpn)
                        ? address.isAnyLocalAddress()
                        : address.equals(openVpn.literal()) && !address.isSiteLocalAddress());
    }

    private static boolean isLoopback(Backend.Tcp tcp) {
        InetAddress literal = tcp.literal();
        return literal == null ? tcp.host().equals("localhost") : literal.isLoopbackAddress();
    }

    /** What paces has backends send slower over loopback than they could; portshare sees to its own sockets. */
    private void pacing() {
        Optional<String> standard = machine.proc().text("sys/net/ipv4/tcp_congestion_control");
        if (standard.isEmpty() || UNPACED.contains(standard.get())) {
            return;
        }
        for (String address : loopbackAddresses()) {
            boolean isSet = machine.output("ip", "route", "get", address)
                    .filter(route -> route.contains("congctl "))
                    .isPresent();
            if (!isSet) {
                String family = address.contains(":") ? "-6 " : "";
                found.add(new Diagnosis(
                        "pacing",
                        standard.get() + " paces what the backend at " + address
                                + " sends, which never leaves this machine",
                        "over loopback there is nothing to measure, and pacing costs more than half of the throughput"
                                + " of downloads",
                        "ip " + family + "route change local " + address
                                + " dev lo congctl cubic, after each start of the"
                                + " machine; then restart the backend"));
            }
        }
    }

    private List<String> loopbackAddresses() {
        return backends().keySet().stream()
                .filter(backend -> backend instanceof Backend.Tcp tcp && isLoopback(tcp))
                .map(backend -> ((Backend.Tcp) backend).literal())
                .map(literal -> literal == null ? "127.0.0.1" : literal.getHostAddress())
                .map(address -> address.equals("0:0:0:0:0:0:0:1") ? "::1" : address)
                .distinct()
                .toList();
    }
}
