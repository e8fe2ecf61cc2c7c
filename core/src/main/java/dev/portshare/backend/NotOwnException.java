package dev.portshare.backend;

import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.net.InetAddress;

/** A socket cannot be bound to an address, since this machine has none like it. */
final class NotOwnException extends IOException {
    private static final long serialVersionUID = 1;

    NotOwnException(InetAddress address) {
        super(Endpoint.of(address, 0).hostString() + " is no address of this machine");
    }
}
