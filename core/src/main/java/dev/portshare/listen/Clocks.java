package dev.portshare.listen;

import dev.portshare.connection.Deadlines;
import dev.portshare.connection.Loop;
import dev.portshare.session.Timeouts;

/** The deadlines of the connections that one event loop accepted under one configuration. */
record Clocks(Deadlines silent, Deadlines head, Deadlines connect, Deadlines idle) {
    static Clocks on(Loop loop, Timeouts timeouts) {
        return new Clocks(
                new Deadlines(loop, timeouts.silent()),
                new Deadlines(loop, timeouts.head()),
                new Deadlines(loop, timeouts.connect()),
                new Deadlines(loop, timeouts.idle()));
    }
}
