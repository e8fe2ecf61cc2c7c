package dev.portshare.listen;

import dev.portshare.connection.Deadlines;
import dev.portshare.connection.Loop;
import dev.portshare.session.Timeouts;
import java.time.Duration;

/**
 * The deadlines of the connections that one event loop accepted under one configuration.
 *
 * @param spoken for a client that has said something when it is accepted
 * @param silent for a client that has not: on a socket that defers, {@link Rules#DEFERRAL} of its time has passed
 * @param grace  for a head that may still become an OpenVPN client's first packet, where those are judged by keys
 */
record Clocks(Head spoken, Head silent, Deadlines grace, Deadlines connect, Deadlines idle) {
    /** The clocks of a head that is not decided yet. */
    record Head(Deadlines silent, Deadlines head) {
        private static Head on(Loop loop, Timeouts timeouts, Duration passed) {
            return new Head(
                    new Deadlines(loop, left(timeouts.silent(), passed)),
                    new Deadlines(loop, left(timeouts.head(), passed)));
        }

        private static Duration left(Duration timeout, Duration passed) {
            return timeout.compareTo(passed) > 0 ? timeout.minus(passed) : timeout;
        }
    }

    static Clocks on(Loop loop, Timeouts timeouts) {
        return new Clocks(
                Head.on(loop, timeouts, Duration.ZERO),
                Head.on(loop, timeouts, Rules.DEFERRAL),
                new Deadlines(loop, timeouts.grace()),
                new Deadlines(loop, timeouts.connect()),
                new Deadlines(loop, timeouts.idle()));
    }

    /** These on a socket that defers, or does not. */
    Clocks deferred(boolean defers) {
        return defers ? this : new Clocks(spoken, spoken, grace, connect, idle);
    }
}
