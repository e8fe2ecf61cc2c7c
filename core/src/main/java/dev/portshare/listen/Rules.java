package dev.portshare.listen;

import dev.portshare.backend.Resolver;
import dev.portshare.backend.Ways;
import dev.portshare.connection.Connection;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.openvpn.Proof;
import dev.portshare.route.Facts;
import dev.portshare.route.Outcome;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.session.Endpoint;
import dev.portshare.session.Timeouts;
import dev.portshare.tls.ServerContexts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What decides over new connections: one immutable value that all event loops share.
 *
 * @param admission of OpenVPN clients; null: of all that look like one
 * @param gates which are to be opened first; null: none
 * @param places how many connections there may be; null: any number
 * @param tls what ends clients' TLS; null: no route does
 * @param access of those listeners that are not open to everybody alike, under their notations
 */
public record Rules(
        Classifier classifier,
        RouteTable routes,
        Ways ways,
        Timeouts timeouts,
        Resolver resolver,
        @Nullable Admission admission,
        Map<String, Access> access,
        @Nullable Gates gates,
        @Nullable Places places,
        @Nullable ServerContexts tls) {

    /** How long a client that says nothing is kept from us by the kernel, where {@link #defersAccept}. */
    static final Duration DEFERRAL = Duration.ofSeconds(1);

    /** These, but for the routes. */
    Rules with(RouteTable routes) {
        return new Rules(classifier, routes, ways, timeouts, resolver, admission, access, gates, places, tls);
    }

    /** Who is let in at {@code listener}; null: everybody. */
    @Nullable
    Access access(String listener) {
        return access.get(listener);
    }

    /** Whether {@code connection} is of a client that is not let in, as far as that is known. */
    boolean denies(Connection connection) {
        Access own = access.get(connection.listener());
        return own != null && connection.knowsPeer() && own.denies(connection.peer());
    }

    /** Whether it is of a client that is not let in, or not to the route that it has by now. */
    boolean deniesByNow(Connection connection) {
        return denies(connection)
                || (routes.denySome()
                        && connection.knowsPeer()
                        && routes.denies(connection.state().route(), connection.peer()));
    }

    /** Whether somebody may not be let in somewhere. */
    boolean denySome() {
        for (Access own : access.values()) {
            if (own.clients() != null) {
                return true;
            }
        }
        return routes.denySome();
    }

    /** Whether a head is held for a while only that may still become OpenVPN. */
    boolean hasGrace() {
        return admission != null && admission.impatient() != null;
    }

    /** Who tells what a head is: nobody who waits for OpenVPN, where its time is over. */
    Classifier classifier(boolean isGraceOver) {
        Classifier impatient = admission == null || !isGraceOver ? null : admission.impatient();
        return impatient == null ? classifier : impatient;
    }

    /** A client that was let in by {@code proof} is to be decided on anew. */
    void withdraw(Proof proof) {
        if (admission != null) {
            admission.withdraw(proof);
        }
    }

    /** {@code match}, without its proof where that lets nobody in. */
    Detection.Match admitted(Detection.Match match) {
        Proof proof = match.proof();
        return proof == null || admission == null || admission.admits(proof)
                ? match
                : Detection.Match.of(match.protocol());
    }

    /** What becomes of a client whose {@code head} is not decided yet, whatever follows; null where that depends. */
    @Nullable
    Outcome foregone(boolean isGraceOver, ByteBuffer head, Connection connection) {
        return routes.foregone(
                classifier(isGraceOver).possibilities(head),
                connection.peer(),
                connection.listener(),
                open(connection));
    }

    /** The route of {@code connection}, whose head is {@code match}; null: there is none. */
    @Nullable
    Route route(Detection.Match match, Connection connection) {
        return routes.decide(new Facts(match, connection.peer(), connection.listener(), open(connection)));
    }

    private List<String> open(Connection connection) {
        Endpoint client = gates == null ? null : connection.peer();
        return gates == null || client == null ? List.of() : gates.open(client, connection.now());
    }

    /** {@code connection} asks for {@code serverName}, and opens the gate of that name, if there is one. Its own route is chosen before. */
    void knock(String serverName, Connection connection) {
        Endpoint client = gates == null ? null : connection.peer();
        Gate gate = gates == null || client == null ? null : gates.knock(serverName, client, connection.now());
        if (gate != null && client != null) {
            connection.opened(client, gate.toString());
        }
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
