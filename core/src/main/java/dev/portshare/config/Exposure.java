package dev.portshare.config;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Facts;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.route.Target;
import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Finds the routes by which anybody who looks for OpenVPN servers finds one. */
public final class Exposure {
    /** Clients in far parts of the internet, as the registries divide it, of either family. */
    private static final List<List<Endpoint>> ANYWHERE = List.of(
            IntStream.of(1, 24, 41, 62, 80, 103, 133, 154, 177, 200, 213)
                    .mapToObj(network -> Endpoint.ipv4(network << 24 | 0xc84d37, 0))
                    .toList(),
            LongStream.of(0x2001_0200, 0x2400_c84d, 0x2600_c84d, 0x2800_c84d, 0x2a00_c84d, 0x2c00_c84d)
                    .mapToObj(network -> new Endpoint(network << Integer.SIZE, 0x37, 0, 0))
                    .toList());

    private Exposure() {}

    /** The places of routes that ask for OpenVPN, and get it from most of the internet, of one family at least. */
    public static NavigableSet<Integer> of(Configuration configuration) {
        Detection.Match openVpn = Detection.Match.of(Detectors.OPENVPN);
        List<Route> routes = configuration.routes();
        RouteTable table = new RouteTable(routes);
        NavigableSet<Integer> exposed = new TreeSet<>();
        for (ListenAddress address : configuration.listen()) {
            for (List<Endpoint> clients : isReachable(address) ? ANYWHERE : List.<List<Endpoint>>of()) {
                List<Integer> takers = new ArrayList<>();
                for (Endpoint client : clients) {
                    Route taker = table.decide(new Facts(openVpn, client, address.toString()));
                    if (taker != null && isOpenVpn(taker)) {
                        takers.add(routes.indexOf(taker));
                    }
                }
                takers.stream()
                        .filter(place -> Collections.frequency(takers, place) > clients.size() / 2)
                        .forEach(exposed::add);
            }
        }
        return exposed;
    }

    private static boolean isOpenVpn(Route route) {
        return route.when().protocols().contains(Detectors.OPENVPN) && route.to() instanceof Target.Forward;
    }

    /** Whether others than this machine and its own network can connect there, as far as the address tells. */
    private static boolean isReachable(ListenAddress address) {
        return switch (address) {
            case ListenAddress.Unix _ -> false;
            case ListenAddress.Tcp tcp -> isReachable(tcp);
            case ListenAddress.Any _, ListenAddress.Passed _ -> true;
        };
    }

    private static boolean isReachable(ListenAddress.Tcp tcp) {
        InetAddress ip = tcp.literal();
        if (ip == null) {
            return !tcp.host().equalsIgnoreCase("localhost");
        }
        boolean isUniqueLocal = ip.getAddress().length == 16 && (ip.getAddress()[0] & 0xfe) == 0xfc; // RFC 4193
        return !ip.isLoopbackAddress() && !ip.isSiteLocalAddress() && !ip.isLinkLocalAddress() && !isUniqueLocal;
    }
}
