package dev.portshare.listen;

import dev.portshare.backend.Way;
import dev.portshare.connection.Deadlines;
import dev.portshare.connection.Loop;
import dev.portshare.session.Timeouts;
import dev.portshare.splice.Stillness;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of the connections that one event loop accepted under one configuration.
 *
 * @param spoken for a client that has said something when it is accepted
 * @param silent for a client that has not: on a socket that defers, {@link Rules#DEFERRAL} of its time has passed
 * @param halfClosed the one that the route file sets for all
 * @param still  of those connections whose route says nothing of it
 * @param grace  for a head that may still become an OpenVPN client's first packet, where those are judged by keys
 */
record Clocks(Head spoken, Head silent, Deadlines grace, Deadlines connect, Deadlines halfClosed, Stillness still) {
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
        Deadlines halfClosed = new Deadlines(loop, timeouts.halfClosed());
        return new Clocks(
                Head.on(loop, timeouts, Duration.ZERO),
                Head.on(loop, timeouts, Rules.DEFERRAL),
                new Deadlines(loop, timeouts.grace()),
                new Deadlines(loop, timeouts.connect()),
                halfClosed,
                Stillness.of(new Deadlines(loop, timeouts.idle()), halfClosed));
    }

    /** How long a connection on {@code way} may move nothing. */
    Stillness still(Loop loop, @Nullable Way way) {
        Duration own = way == null ? null : way.idle();
        return own == null ? still : Stillness.of(loop.deadlines(own), halfClosed);
    }

    /** Of the heads that are not decided yet, one that has been read for as long as any, silent ones before others; null: there is none. */
    @Nullable
    HeadReader oldest() {
        HeadReader oldest = silent.head().next(HeadReader.class);
        return oldest == null ? spoken.head().next(HeadReader.class) : oldest;
    }

    /** These on a socket that defers, or does not. */
    Clocks deferred(boolean defers) {
        return defers ? this : new Clocks(spoken, spoken, grace, connect, halfClosed, still);
    }
}
