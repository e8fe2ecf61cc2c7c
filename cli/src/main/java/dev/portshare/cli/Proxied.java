package dev.portshare.cli;

import dev.portshare.detect.Detection;
import dev.portshare.detect.NamedDetector;
import dev.portshare.detect.proxy.ProxyAddresses;
import dev.portshare.detect.proxy.ProxyHeader;
import dev.portshare.detect.proxy.ProxyReading;
import dev.portshare.listen.TrustedProxies;
import dev.portshare.session.Endpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a trusted proxy sends: a PROXY header, and behind it its client's head.
 *
 * @param length how many bytes the header is; 0 where it is none, or not whole
 * @param client who it names; null where that has no address
 * @param waits  whether more bytes could still make it a header
 */
record Proxied(int length, @Nullable Endpoint client, boolean waits) {
    /** The header, as a detector. */
    static final NamedDetector ROW = new NamedDetector("header", Proxied::detect, "");

    /**
     * {@code head} as it is read where {@code proxies} are trusted; null where it is none of theirs.
     *
     * @param isKnown whether it is known who connects; if not, what begins like a header is a proxy's
     * @param peer    who connects; null where that is not known, or somebody without address
     */
    static @Nullable Proxied of(
            byte[] head, @Nullable TrustedProxies proxies, boolean isKnown, @Nullable Endpoint peer) {
        ProxyReading reading = ProxyHeader.read(ByteBuffer.wrap(head));
        boolean begins = head.length > 0 && reading != ProxyReading.NO_HEADER;
        if (proxies == null || (isKnown ? !proxies.contain(peer) : !begins)) {
            return null;
        }
        return reading instanceof ProxyHeader header
                ? new Proxied(header.length(), client(header, peer), false)
                : new Proxied(0, null, reading == ProxyReading.NEED_MORE);
    }

    private static @Nullable Endpoint client(ProxyHeader header, @Nullable Endpoint peer) {
        if (header.addresses() == ProxyAddresses.OWN) {
            return peer;
        }
        return header.addresses() instanceof ProxyAddresses.Inet inet ? inet.source() : null;
    }

    private static Detection detect(ByteBuffer head) {
        ProxyReading reading = ProxyHeader.read(head);
        if (reading instanceof ProxyHeader) {
            return Detection.Match.of("header");
        }
        return reading == ProxyReading.NEED_MORE ? Detection.NEED_MORE : Detection.NO_MATCH;
    }
}
