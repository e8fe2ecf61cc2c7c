package dev.portshare.config;

import dev.portshare.listen.ListenAddress;
import dev.portshare.route.AddressRange;
import dev.portshare.route.Backend;
import dev.portshare.route.Cidr;
import dev.portshare.route.CidrSet;
import dev.portshare.route.Condition;
import dev.portshare.route.Mapping;
import dev.portshare.route.Route;
import dev.portshare.route.Shadows;
import dev.portshare.route.Source;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds sources from which no connection can come to the route's backend: an IPv4 address reaches no IPv6 one, and an address of
 * 127.0.0.0/8 or ::1 none on another machine. A backend that is a name is not judged: it may have addresses of both families.
 */
final class SourceFit {
    private final Configuration configuration;
    private final Shadows shadows;
    private final List<Finding> misfits = new ArrayList<>();

    private SourceFit(Configuration configuration) {
        this.configuration = configuration;
        shadows = new Shadows(
                configuration.routes(),
                configuration.listen().stream().map(Object::toString).toList(),
                configuration.allDetectors());
    }

    /** Whether there is anything to look at. Asked on every start. */
    static boolean isAsked(Configuration configuration) {
        for (Route route : configuration.routes()) {
            if (route.source() != null) {
                return true;
            }
        }
        return false;
    }

    /** All that are in {@code configuration}. */
    static List<Finding> misfits(Configuration configuration) {
        SourceFit fit = new SourceFit(configuration);
        List<Route> routes = configuration.routes();
        for (int place = 0; place < routes.size(); place++) {
            Route route = routes.get(place);
            for (Backend.Tcp backend : route.to().tcpBackends()) {
                if (backend.literal() != null) {
                    fit.look(place, route, backend, backend.literal());
                }
            }
        }
        return fit.misfits;
    }

    private void look(int place, Route route, Backend.Tcp backend, InetAddress address) {
        switch (route.source()) {
            case Source.Transparent _ -> transparent(place, backend, address instanceof Inet4Address);
            case Source.Mapped _ -> mapped(place, backend, address);
            case Source.Own(AddressRange addresses) -> own(place, addresses, backend, address);
            case null -> {}
        }
    }

    private void transparent(int place, Backend.Tcp backend, boolean isIpv4) {
        Family other = isIpv4 ? Family.IPV6 : Family.IPV4;
        Condition when = configuration.routes().get(place).when();
        Condition ofOthers = other.narrowed(when, configuration);
        if (ofOthers == null || shadows.isOutOfReach(place, ofOthers)) {
            return;
        }
        Family own = isIpv4 ? Family.IPV4 : Family.IPV6;
        misfit(
                place,
                "to " + backend + " an " + other.word + " client cannot come from its own address; write when: {from: "
                        + own.all() + "} here, and for " + other.word + " clients a route with from: " + other.all()
                        + " to an " + other.word + " backend such as " + other.loopback(backend.port()));
    }

    private void mapped(int place, Backend.Tcp backend, InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            misfit(
                    place,
                    "mapped addresses are IPv4, and cannot come to " + backend + "; have the backend listen on IPv4 as"
                            + " well, and write such as " + Family.IPV4.loopback(backend.port()));
            return;
        }
        Cidr pool = Objects.requireNonNullElse(configuration.mapping(), Mapping.DEFAULT)
                .pool();
        if (pool.first().address().isLoopbackAddress() && !address.isLoopbackAddress()) {
            misfit(
                    place,
                    "addresses of " + pool + " do not leave this machine, and cannot come to " + backend
                            + "; write into mapped: a pool: that the backend has a route to, by way of this machine");
        }
    }

    private void own(int place, AddressRange addresses, Backend.Tcp backend, InetAddress address) {
        Family own = addresses.first().isIpv4() ? Family.IPV4 : Family.IPV6;
        if (own != (address instanceof Inet4Address ? Family.IPV4 : Family.IPV6)) {
            misfit(
                    place,
                    addresses + " cannot come to " + backend + ", which is of the other family; write an "
                            + (own == Family.IPV4 ? Family.IPV6 : Family.IPV4).word + " address");
        } else if (addresses.first().address().isLoopbackAddress() && !address.isLoopbackAddress()) {
            misfit(
                    place,
                    addresses + " does not leave this machine, and cannot come to " + backend
                            + "; write an address that the backend has a route to");
        }
    }

    private void misfit(int place, String message) {
        misfits.add(new Finding(Severity.ERROR, "routes[" + place + "].source", message));
    }

    private enum Family {
        IPV4("IPv4", "0.0.0.0/0"),
        IPV6("IPv6", "::/0");

        private final String word;
        private final String block;

        Family(String word, String block) {
            this.word = word;
            this.block = block;
        }

        /** As YAML wants it. */
        String all() {
            return this == IPV4 ? block : "\"" + block + "\"";
        }

        String loopback(int port) {
            return this == IPV4 ? "127.0.0.1:" + port : "\"[::1]:" + port + "\"";
        }

        /** What {@code when} takes of this family's clients; null: nobody, as far as that is plain. */
        @Nullable
        Condition narrowed(Condition when, Configuration configuration) {
            List<String> listeners = configuration.listen().stream()
                    .filter(address -> mayComeTo(address, configuration))
                    .map(ListenAddress::toString)
                    .filter(listener ->
                            when.listeners().isEmpty() || when.listeners().contains(listener))
                    .toList();
            CidrSet from = when.from();
            List<Cidr> blocks = from == null
                    ? List.of(Cidr.parse(block))
                    : from.blocks().stream().filter(this::overlaps).toList();
            return listeners.isEmpty() || blocks.isEmpty()
                    ? null
                    : when.withListeners(listeners).withFrom(CidrSet.of(blocks));
        }

        /** An IPv4 client is in no IPv6 block, and IPv4 blocks lie within those 96 bits that no IPv6 client has. */
        private boolean overlaps(Cidr other) {
            boolean isIpv4 = other.first().isIpv4()
                    && other.prefixLength() >= Cidr.parse("0.0.0.0/0").prefixLength();
            return isIpv4 == (this == IPV4);
        }

        /** Whether clients of this family can come to {@code address}; a name, or systemd's sockets, may be of both. */
        private boolean mayComeTo(ListenAddress address, Configuration configuration) {
            if (configuration.proxies(address.toString()) != null) {
                return true;
            }
            return switch (address) {
                case ListenAddress.Tcp tcp -> tcp.literal() == null || this == of(tcp.literal());
                case ListenAddress.Unix _ -> false;
                case ListenAddress.Any _, ListenAddress.Passed _ -> true;
            };
        }

        private static Family of(InetAddress address) {
            return address instanceof Inet4Address ? IPV4 : IPV6;
        }
    }
}
