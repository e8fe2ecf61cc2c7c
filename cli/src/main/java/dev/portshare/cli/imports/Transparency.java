package dev.portshare.cli.imports;

import dev.portshare.route.Backend;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Which backends see their clients' addresses: sslh's {@code transparent}, sniproxy's {@code source client}. A backend that is the address of one family can be reached from
 * clients' addresses of that family alone, which a route file must not leave open.
 */
final class Transparency {
    /** What else it takes. */
    static final String NEEDS =
            "source: transparent takes a capability, and a way back for what backends answer: portshare doctor tells"
                    + " which lines this machine lacks, docs/transparent.md why.";

    /** How a route leads to its backend. */
    record Lead(String to, boolean isTransparent, String note) {}

    private final Set<String> backends = new HashSet<>();
    private boolean isForAll;

    /** All backends do. */
    void all() {
        isForAll = true;
    }

    /** This one does. */
    void of(String backend) {
        backends.add(backend);
    }

    /** How a route leads to {@code backend}, where {@code listen} is listened on. */
    Lead lead(String backend, Collection<String> listen) {
        if (!isForAll && !backends.contains(backend) || !(Backend.parse(backend) instanceof Backend.Tcp tcp)) {
            return new Lead(backend, false, "");
        }
        InetAddress literal = tcp.literal();
        if (literal == null || listen.stream().noneMatch(address -> isOther(address, literal))) {
            return new Lead(backend, true, "");
        }
        if (literal.isLoopbackAddress()) {
            return new Lead(
                    "localhost:" + tcp.port(),
                    true,
                    "localhost instead of " + tcp.host()
                            + ": clients of either family come to its address of that family, so let the server listen"
                            + " on 127.0.0.1 and ::1.");
        }
        return new Lead(
                backend,
                false,
                "Not transparent, since clients of the other family could not come to " + tcp.host()
                        + " from their addresses: write a name that has addresses of both, and source: transparent.");
    }

    /** Whether clients of the other family than that of {@code backend} come to {@code listen}. */
    private static boolean isOther(String listen, InetAddress backend) {
        boolean isIpv6 = listen.startsWith("[");
        boolean isIpv4 = listen.matches("[0-9.]+:[0-9]+");
        boolean isUnix = listen.startsWith(Backend.Unix.PREFIX);
        return !isUnix && (backend instanceof Inet4Address ? !isIpv4 : !isIpv6);
    }
}
