package dev.portshare.route;

import dev.portshare.detect.Detection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a route ends its clients' TLS. Two are equal where clients could not tell one from the other.
 *
 * @param identities           at least one
 * @param applicationProtocols the ALPN names that are offered, the dearest first; empty: none, whatever the client offers
 * @param clients              who is let in by a certificate; null: clients are asked for none
 */
public record Termination(
        List<Identity> identities,
        List<String> applicationProtocols,
        @Nullable ClientAuthorities clients) {
    /**
     * Whose certificates clients can show.
     *
     * @param certificates of the authorities; PEM
     * @param required     whether a client without one is refused
     */
    public record ClientAuthorities(String certificates, boolean required) {}

    /** The place of the one whose certificate is good for {@code server}: by its very name, by a wildcard, or the first. */
    public int identity(@Nullable String server) {
        if (server != null && identities.size() > 1) {
            String host = Detection.Match.normal(server);
            int exact = first(host);
            int place = exact < 0 ? first(CertificateNames.wildcard(host)) : exact;
            return Math.max(place, 0);
        }
        return 0;
    }

    private int first(String name) {
        for (int i = 0; i < identities.size(); i++) {
            if (identities.get(i).names().contains(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a client that offers {@code protocols} can be served: it offers none, or one of these, or nothing is offered here. */
    public boolean speaks(List<String> protocols) {
        if (protocols.isEmpty() || applicationProtocols.isEmpty()) {
            return true;
        }
        for (String protocol : applicationProtocols) {
            if (protocols.contains(protocol)) {
                return true;
            }
        }
        return false;
    }
}
