package dev.portshare.route;

import dev.portshare.detect.Detection;
import dev.portshare.detect.openvpn.Proof;
import dev.portshare.session.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection when its route is chosen.
 *
 * @param head     what its first bytes are; {@code silent} and {@code unrecognised} are protocols here, too
 * @param client   null for a client on a Unix-domain socket, which is from nowhere
 * @param listener the notation of the listening address, {@code ListenAddress.toString()}
 * @param open     the names for which it has knocked, of those gates that are open to it
 */
public record Facts(Detection.Match head, @Nullable Endpoint client, String listener, List<String> open) {
    /** Of a client to which no gate is open. */
    public Facts(Detection.Match head, @Nullable Endpoint client, String listener) {
        this(head, client, listener, List.of());
    }

    public String protocol() {
        return head.protocol();
    }

    public @Nullable String serverName() {
        return head.serverName();
    }

    public List<String> applicationProtocols() {
        return head.applicationProtocols();
    }

    public @Nullable String host() {
        return head.host();
    }

    public @Nullable String cookie() {
        return head.cookie();
    }

    public @Nullable Proof proof() {
        return head.proof();
    }
}
