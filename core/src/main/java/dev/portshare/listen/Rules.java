package dev.portshare.listen;

import dev.portshare.backend.Resolver;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detectors;
import dev.portshare.route.Outcome;
import dev.portshare.route.RouteTable;
import dev.portshare.session.Endpoint;
import dev.portshare.session.Timeouts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What decides over new connections: one immutable value that all event loops share.
 *
 * @param proxies of those listeners that have any, under their notations
 */
public record Rules(
        Classifier classifier,
        RouteTable routes,
        Timeouts timeouts,
        Resolver resolver,
        Map<String, TrustedProxies> proxies) {

    /** How long a client that says nothing is kept from us by the kernel, where {@link #defersAccept}. */
    static final Duration DEFERRAL = Duration.ofSeconds(1);

    /** Whose connections to {@code listener} begin with a PROXY header; null: nobody's. */
    @Nullable
    TrustedProxies proxies(String listener) {
        return proxies.get(listener);
    }

    /** What becomes of a client whose {@code head} is not decided yet, whatever follows; null where that depends. */
    @Nullable
    Outcome foregone(ByteBuffer head, @Nullable Endpoint client, String listener) {
        return routes.foregone(classifier.possibilities(head), client, listener);
    }

    /** Whether clients need not be known of before they have said something: not where a clock is shorter than the deferral. */
    boolean defersAccept() {
        return !connectsAtAccept()
                && (!routesSilence() || timeouts.silent().compareTo(DEFERRAL) > 0)
                && timeouts.head().compareTo(DEFERRAL) > 0;
    }

    /** Whether a client that says nothing is connected to a backend at accept ({@code silent: 0s}). */
    boolean connectsAtAccept() {
        return timeouts.silent().isZero();
    }

    /** Whether a client that says nothing is routed before its head is due. */
    boolean routesSilence() {
        return routes.names(Detectors.SILENT) && !connectsAtAccept();
    }
}
