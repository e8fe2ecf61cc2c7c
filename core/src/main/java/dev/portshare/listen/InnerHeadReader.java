package dev.portshare.listen;

import dev.portshare.connection.Connection;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.route.Handshake;
import java.util.List;

/** Reads the head of what is inside of a client's TLS, which was ended; under the clocks that a new client has. */
final class InnerHeadReader extends HeadReader {
    private final Connection connection;
    private final Handshake handshake;

    InnerHeadReader(Connection connection, Rules rules, Clocks clocks, Handshake handshake) {
        super(connection, rules, clocks);
        this.connection = connection;
        this.handshake = handshake;
    }

    /** The client is watched already. */
    @Override
    void start() {
        connection.deadline(this);
        connection.client().tell(this);
        connection.run((_, _) -> readOn());
    }

    /** No part of its time has passed in the kernel. */
    @Override
    boolean hasSpoken() {
        return true;
    }

    /** What the handshake has told is known still. */
    @Override
    void tell(Detection.Match match) {
        String chosen = handshake.applicationProtocol();
        if (match.protocol().equals(Detectors.TLS)) {
            super.tell(match);
        } else {
            connection.decided(match.protocol(), handshake.serverName(), chosen == null ? List.of() : List.of(chosen));
        }
    }
}
