package dev.portshare.listen;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Deadline;
import dev.portshare.connection.Side;
import dev.portshare.detect.Detectors;
import dev.portshare.route.CertificateNames;
import dev.portshare.route.Handshake;
import dev.portshare.route.Route;
import dev.portshare.route.Target;
import dev.portshare.route.Termination;
import dev.portshare.session.CloseReason;
import dev.portshare.tls.TlsEngine;
import dev.portshare.tls.TlsException;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Ends a client's TLS: goes on with the handshake that its head began, and hands over to who decides on what is inside, or connects
 * its backend. As a {@link Deadline} it is the {@code head} clock once more: no bytes renew it.
 */
final class TlsHandshake extends Deadline implements Side.Events {
    private static final Logger LOG = LogManager.getLogger(TlsHandshake.class);
    /** A fatal alert, no_application_protocol, before anything is encrypted (RFC 7301, 3.2). */
    private static final byte[] NO_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

    private final Connection connection;
    private final Rules rules;
    private final Route route;
    private final Clocks clocks;
    private final Consumer<Route> forward;

    private TlsHandshake(Connection connection, Rules rules, Route route, Clocks clocks, Consumer<Route> forward) {
        this.connection = connection;
        this.rules = rules;
        this.route = route;
        this.clocks = clocks;
        this.forward = forward;
    }

    /**
     * Begins, on the event loop.
     *
     * @param route   which ends TLS
     * @param length  how many bytes at the start of the loop's buffer the client has sent
     * @param forward is told when the handshake is done of a route that leads to a backend
     */
    static void start(
            Connection connection, Rules rules, Route route, int length, Clocks clocks, Consumer<Route> forward) {
        Termination ending = Objects.requireNonNull(route.ending());
        if (!ending.speaks(connection.applicationProtocols())) {
            refuse(connection);
            return;
        }
        TlsHandshake handshake = new TlsHandshake(connection, rules, route, clocks, forward);
        Side client = connection.client();
        client.secure(Objects.requireNonNull(rules.tls()).of(ending).engine(connection.serverName()), length);
        connection.deadline(handshake);
        clocks.spoken().head().start(handshake);
        client.tell(handshake);
        connection.run((_, _) -> handshake.goOn());
    }

    private static void refuse(Connection connection) {
        LOG.debug(
                "connection of {}: it offers {}, and its route none of that",
                connection.peer(),
                connection.applicationProtocols());
        connection.run((_, _) -> {
            connection.loop().buffer().put(NO_PROTOCOL);
            connection.client().write(0, NO_PROTOCOL.length);
        });
        connection.close(CloseReason.TLS_HANDSHAKE);
    }

    @Override
    public void ready(Side side, EpollIoOps events) throws IOException {
        goOn();
    }

    private void goOn() throws IOException {
        Side client = connection.client();
        try {
            client.flush();
            // What the client lacks of the handshake nobody else would send.
            if (!client.handshake() || !client.flush()) {
                return;
            }
        } catch (TlsException e) {
            LOG.debug("connection of {}: {}", connection.peer(), e.getMessage());
            connection.close(CloseReason.TLS_HANDSHAKE);
            return;
        }
        cancel();
        done(client.tls());
    }

    private void done(TlsEngine tls) {
        String chosen = tls.applicationProtocol();
        if (chosen != null) {
            connection.recognised(Detectors.TLS, connection.serverName(), List.of(chosen));
        }
        if (route.to() instanceof Target.Inside(var routes)) {
            Handshake handshake = new Handshake(connection.serverName(), chosen, holders(tls));
            new InnerHeadReader(connection, rules.with(routes.table(handshake)), clocks, handshake).start();
        } else {
            forward.accept(route);
        }
    }

    private static List<String> holders(TlsEngine tls) {
        X509Certificate certificate = tls.peerCertificate();
        return certificate == null ? List.of() : CertificateNames.holders(certificate);
    }

    @Override
    protected void expired() {
        connection.close(CloseReason.TLS_HANDSHAKE);
    }
}
