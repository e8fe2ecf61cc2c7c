package dev.portshare.dns;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** In which order a name's addresses are to be tried. */
final class AddressOrder {
    /** Any: nothing is sent there. */
    private static final int PORT = 9;

    private AddressOrder() {}

    /** Those of {@code found} as {@link #order}, by this machine's routes. */
    static List<InetAddress> here(List<InetAddress> found, List<InetAddress> before) {
        return order(found, before, AddressOrder::hasRoute);
    }

    /**
     * IPv6 and IPv4 in turns, IPv6 first (RFC 8305, 4); behind them all those to which no route leads (RFC 6724, rule 1). Of one family in
     * the order as {@code before}, new ones last: name servers turn the order round with each answer, which means nothing.
     */
    static List<InetAddress> order(List<InetAddress> found, List<InetAddress> before, Predicate<InetAddress> hasRoute) {
        Set<InetAddress> all = new LinkedHashSet<>(before);
        all.retainAll(Set.copyOf(found));
        all.addAll(found);
        List<InetAddress> order = new ArrayList<>();
        interleave(all.stream().filter(hasRoute).toList(), order);
        List<InetAddress> others = new ArrayList<>(all);
        others.removeAll(order);
        interleave(others, order);
        return List.copyOf(order);
    }

    private static void interleave(List<InetAddress> addresses, List<InetAddress> order) {
        List<InetAddress> ipv6 =
                addresses.stream().filter(Inet6Address.class::isInstance).toList();
        List<InetAddress> ipv4 = addresses.stream()
                .filter(address -> !(address instanceof Inet6Address))
                .toList();
        for (int i = 0; i < Math.max(ipv6.size(), ipv4.size()); i++) {
            order.addAll(ipv6.subList(Math.min(i, ipv6.size()), Math.min(i + 1, ipv6.size())));
            order.addAll(ipv4.subList(Math.min(i, ipv4.size()), Math.min(i + 1, ipv4.size())));
        }
    }

    /** By connecting a UDP socket, which sends nothing. */
    private static boolean hasRoute(InetAddress address) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(new InetSocketAddress(address, PORT));
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
