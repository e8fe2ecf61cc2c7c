package dev.portshare.detect.proxy;

import dev.portshare.session.Endpoint;

/** Between whom a proxied connection is. */
public sealed interface ProxyAddresses {
    /**
     * Between the proxy and us, as far as is known: a connection of the proxy's own ({@code LOCAL}), such as a health check,
     * or one of which it knows no more ({@code UNKNOWN}, {@code AF_UNSPEC}).
     */
    ProxyAddresses OWN = Own.OWN;

    /** The one value of its kind. */
    enum Own implements ProxyAddresses {
        OWN
    }

    /** Between the client and the address that it connected to, of the same family. */
    record Inet(Endpoint source, Endpoint destination) implements ProxyAddresses {}

    /**
     * Of a client on a Unix-domain socket of the proxy's, which is from nowhere; paths as in {@code sun_path} (unix(7)), up to
     * its first NUL, one char a byte (ISO 8859-1), {@code @} for the NUL that begins an abstract name.
     */
    record Unix(String source, String destination) implements ProxyAddresses {}
}
