package dev.portshare.listen;

import dev.portshare.connection.ProxiedConnection;
import dev.portshare.connection.Side;
import dev.portshare.detect.Detection;
import dev.portshare.detect.proxy.ProxyHeader;
import dev.portshare.detect.proxy.ProxyReading;
import dev.portshare.session.CloseReason;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;

/**
 * Reads the head of a connection that must begin with a PROXY header, and takes that off. The {@code head} clock runs from
 * accept over both. A client is silent from its header on: only then is it known whose silence it is.
 */
final class ProxiedHeadReader extends HeadReader {
    private final ProxiedConnection connection;
    private final Rules rules;
    private final Clocks clocks;

    ProxiedHeadReader(ProxiedConnection connection, Rules rules, Clocks clocks) {
        super(connection, rules, clocks);
        this.connection = connection;
        this.rules = rules;
        this.clocks = clocks;
    }

    @Override
    boolean hasSpoken() {
        return connection.header() != null || super.hasSpoken();
    }

    @Override
    void mindSilence(Clocks.Head left) {
        if (connection.header() != null) {
            super.mindSilence(left);
        }
    }

    @Override
    public void ready(Side side, EpollIoOps events) throws IOException {
        boolean wasDue = connection.header() == null;
        super.ready(side, events);
        if (wasDue && isSilent()) {
            mindSilence(clocks.spoken());
        }
    }

    /** A header comes from somebody who is trusted. */
    @Override
    boolean isDue(int length) {
        return connection.header() == null || super.isDue(length);
    }

    @Override
    void classify() {
        if (connection.header() != null) {
            super.classify();
            return;
        }
        ProxyReading reading = ProxyHeader.read(head());
        if (reading instanceof ProxyHeader header) {
            connection.header(header);
            if (rules.denies(connection)) {
                refuse(CloseReason.DENIED);
                return;
            }
            Places places = rules.places();
            CloseReason excess = places == null ? null : places.identify(connection);
            if (excess != null) {
                refuse(excess);
                return;
            }
            drop(header.length());
            if (!isSilent()) {
                super.classify();
            }
        } else if (reading == ProxyReading.NO_HEADER) {
            refuse(CloseReason.PROXY_HEADER);
        }
    }

    /** Where the head ends or its time is up before the header does, nobody knows whose it is. */
    @Override
    void decide(Detection.Match match) {
        if (connection.header() == null) {
            refuse(CloseReason.PROXY_HEADER);
        } else {
            super.decide(match);
        }
    }
}
