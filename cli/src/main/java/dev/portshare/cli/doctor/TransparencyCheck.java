package dev.portshare.cli.doctor;

import dev.portshare.config.Configuration;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Backend;
import dev.portshare.route.Route;
import dev.portshare.route.Source;
import dev.portshare.session.Endpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether what backends of transparent routes answer comes back: they see clients' addresses, and answer to those. */
final class TransparencyCheck {
    private static final String CHECK = "transparent";
    private static final String MEANWHILE = "clients of these routes wait for timeouts.connect, and are disconnected";
    private static final String UNTIL_RESTART =
            "\nfor as long as the machine runs; docs/transparent.md tells how to keep them";
    /** What nftables says of sockets like ours, with the mark that it gives their packets. */
    private static final Pattern MARK = Pattern.compile("socket transparent 1\\b.*?\\bmark set (0x[0-9a-f]+|[0-9]+)");

    private static final Pattern OWN_ADDRESS = Pattern.compile(" src (\\S+)");
    private static final Path PACKAGED = Path.of("/usr/share/portshare/transparent.nft");

    private final Machine machine;
    private final Path nft;
    private final Set<InetAddress> loopback = new LinkedHashSet<>();
    private final Set<InetAddress> own = new LinkedHashSet<>();
    private final Set<InetAddress> elsewhere = new LinkedHashSet<>();
    private final List<Diagnosis> found = new ArrayList<>();

    private TransparencyCheck(Machine machine, @Nullable Path home) {
        this.machine = machine;
        Path unpacked = home == null ? PACKAGED : home.resolve("share/portshare/transparent.nft");
        this.nft = Files.exists(unpacked) ? unpacked : PACKAGED;
    }

    /**
     * What the transparent routes of {@code configuration} lack.
     *
     * @param home the image's folder; null: this Java is not in one
     */
    static List<Diagnosis> of(Configuration configuration, Machine machine, @Nullable Path home) {
        TransparencyCheck check = new TransparencyCheck(machine, home);
        boolean isIpv4Alone = configuration.listen().stream()
                .allMatch(address -> address instanceof ListenAddress.Tcp tcp && tcp.literal() instanceof Inet4Address);
        for (Route route : configuration.allRoutes()) {
            if (route.source() instanceof Source.Transparent) {
                route.to().tcpBackends().forEach(backend -> check.sort(backend, isIpv4Alone));
            }
        }
        if (!check.loopback.isEmpty() || !check.own.isEmpty() || !check.elsewhere.isEmpty()) {
            check.found.addAll(TransparencyRight.of(machine));
            check.waysBack();
        }
        return check.found;
    }

    /** Of a name, the addresses that clients can come to. */
    private void sort(Backend.Tcp backend, boolean isIpv4Alone) {
        InetAddress literal = backend.literal();
        try {
            for (InetAddress address :
                    literal == null ? InetAddress.getAllByName(backend.host()) : new InetAddress[] {literal}) {
                if (address instanceof Inet4Address || !isIpv4Alone) {
                    place(address, backend.port()).add(address);
                }
            }
        } catch (UnknownHostException _) {
            // The check of backends tells of that.
        }
    }

    private Set<InetAddress> place(InetAddress address, int port) {
        if (address.isLoopbackAddress()) {
            return loopback;
        }
        return machine.hasAddress(new InetSocketAddress(address, port)) ? own : elsewhere;
    }

    private void waysBack() {
        if (machine.output("ip", "rule").isEmpty()) {
            add(
                    "ip (iproute2) is not installed, or this kernel has no rules for routing, so whether answers come"
                            + " back cannot be told",
                    "backends of transparent routes answer to clients' addresses, which by themselves lead away from"
                            + " here",
                    "apt-get install iproute2, then portshare doctor again");
            return;
        }
        ofLoopback();
        if (!own.isEmpty() || !elsewhere.isEmpty()) {
            ofOthers();
        }
    }

    private void ofLoopback() {
        WayBack.Lines lines = new WayBack.Lines();
        families(loopback).forEach(isIpv4 -> WayBack.ofLoopback(isIpv4).look(machine, lines));
        tell(loopback, lines, "");
    }

    private void ofOthers() {
        Set<InetAddress> backends = new LinkedHashSet<>(own);
        backends.addAll(elsewhere);
        WayBack.Lines lines = new WayBack.Lines();
        Optional<String> rules = machine.output("nft", "list", "ruleset");
        Matcher marked = MARK.matcher(rules.orElse(""));
        boolean isMarked = marked.find();
        lines.add("nft -f " + nft, isMarked);
        String mark = isMarked ? Long.decode(marked.group(1)).toString() : WayBack.NUMBER;
        families(backends).forEach(isIpv4 -> WayBack.ofMarked(isIpv4, mark).look(machine, lines));
        validMarks(mark);
        if (rules.isEmpty() && lines.missing().size() == 1) {
            add(
                    "nft (nftables) is not installed, or tells this user nothing, so whether answers of "
                            + names(backends) + " are marked cannot be told",
                    "without a mark they leave this machine on their way to the client",
                    "apt-get install nftables, then portshare doctor again, as root");
            return;
        }
        tell(backends, lines, onOtherMachines());
    }

    private void tell(Set<InetAddress> backends, WayBack.Lines lines, String more) {
        if (!lines.missing().isEmpty()) {
            add(
                    "what " + names(backends) + " answers to clients' addresses does not come back to portshare",
                    MEANWHILE + (lines.there().isEmpty() ? "" : "; there already: " + String.join("; ", lines.there())),
                    String.join("\n", lines.missing()) + more + UNTIL_RESTART);
        }
    }

    /** The backend's own way to the clients has to lead past here; whether it does is not to be seen from here. */
    private String onOtherMachines() {
        StringBuilder lines = new StringBuilder();
        for (InetAddress backend : elsewhere) {
            Matcher ours = OWN_ADDRESS.matcher(machine.output("ip", family(backend), "route", "get", text(backend))
                    .orElse(""));
            lines.append("\non ").append(text(backend)).append(": ip ");
            lines.append(family(backend)).append(" route replace default via ");
            lines.append(ours.find() ? ours.group(1) : "THIS-MACHINE");
        }
        return lines.toString();
    }

    /** With src_valid_mark, which WireGuard's wg-quick sets, the kernel looks for the way to the sender with the mark as well. */
    private void validMarks(String mark) {
        if (machine.proc().parameter("net/ipv4/conf/all/src_valid_mark").orElse(0) != 1) {
            return;
        }
        for (InetAddress backend : elsewhere) {
            if (backend instanceof Inet4Address
                    && machine.output("ip", "route", "get", text(backend), "mark", mark)
                            .filter(route -> route.startsWith("local "))
                            .isPresent()) {
                add(
                        "net.ipv4.conf.all.src_valid_mark is 1, so what " + text(backend)
                                + " answers is dropped: by its mark, it seems to come from this machine",
                        MEANWHILE,
                        "ip rule add pref 442 to " + text(backend) + " iif lo lookup main" + UNTIL_RESTART);
            }
        }
    }

    private static List<Boolean> families(Set<InetAddress> addresses) {
        return addresses.stream()
                .map(address -> address instanceof Inet4Address)
                .distinct()
                .toList();
    }

    private static String family(InetAddress address) {
        return address instanceof Inet4Address ? "-4" : "-6";
    }

    private static String text(InetAddress address) {
        return Endpoint.of(address, 0).hostString();
    }

    private static String names(Set<InetAddress> addresses) {
        return String.join(
                " and ", addresses.stream().map(TransparencyCheck::text).toList());
    }

    private void add(String finding, String why, String remedy) {
        found.add(new Diagnosis(CHECK, finding, why, remedy));
    }
}
