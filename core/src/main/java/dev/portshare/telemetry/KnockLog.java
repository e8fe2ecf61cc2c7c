package dev.portshare.telemetry;

import dev.portshare.session.Endpoint;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Says who has opened a gate; nothing of it is loaded where there is none. */
final class KnockLog {
    private static final Logger LOG = LogManager.getLogger(KnockLog.class);

    private KnockLog() {}

    /** Connection {@code id}, of {@code client}, of whose address {@code clients} may be shown, has opened {@code what}. */
    static void opened(long id, Endpoint client, AddressMask clients, String what) {
        LOG.info(
                "gate opened: {}, for {} (connection {})",
                what,
                clients.isWhole() ? client.hostString() : clients.show(client),
                id);
    }
}
