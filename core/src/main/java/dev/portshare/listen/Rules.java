package dev.portshare.listen;

import dev.portshare.backend.Resolver;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detectors;
import dev.portshare.route.RouteTable;
import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.Timeouts;

/** What decides over new connections: one immutable value that all event loops share. */
public record Rules(
        Classifier classifier, RouteTable routes, Timeouts timeouts, Resolver resolver, ConnectionObserver observer) {

    /** Whether a client that says nothing is connected to a backend at accept ({@code silent: 0s}). */
    boolean connectsAtAccept() {
        return timeouts.silent().isZero();
    }

    /** Whether a client that says nothing is routed before its head is due. */
    boolean routesSilence() {
        return routes.names(Detectors.SILENT) && !connectsAtAccept();
    }
}
