package dev.portshare.backend;

import dev.portshare.route.Backend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Says why there is no TLS with a backend, for each once a minute at most: of that the line of a connection tells nothing. */
final class TlsFailures {
    private static final Logger LOG = LogManager.getLogger(TlsFailures.class);
    private static final Map<String, Sparingly> BY_BACKEND = new ConcurrentHashMap<>();

    private TlsFailures() {}

    static void warn(Backend backend, String reason) {
        if (BY_BACKEND.computeIfAbsent(backend.toString(), _ -> new Sparingly()).mayWarn()) {
            LOG.warn(
                    "backend {}: TLS failed: {}. Clients are turned away with backend-tls. Correct its certificate, or"
                            + " verify and name in the route's tls.",
                    backend,
                    reason);
        }
    }
}
