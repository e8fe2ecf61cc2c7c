package dev.portshare.session;

import java.time.Duration;

/**
 * The clocks of a connection and of the program's end.
 *
 * @param silent  how long a client may send nothing before the routes of protocol {@code silent} are asked, where there are
 *                any; zero: such a route's backend is connected at accept
 * @param head    how long after accept the head may stay undecided; never renewed by bytes; it then counts as unrecognised
 * @param grace   how long, from its first byte on, a head is held that may still become the first packet of an OpenVPN client that
 *                has to prove a key
 * @param connect how long connecting to the backend may take, name resolution included
 * @param idle    how long a connection may move no byte either way; zero: for ever
 * @param halfClosed how long it may when one direction has ended; zero: as long as {@code idle} says
 * @param lost    how long what was sent may stay unacknowledged, or keep-alive unanswered, before a side counts as lost; zero: as
 *                long as the kernel waits
 * @param drain   how long live connections may go on after the program was asked to stop
 */
public record Timeouts(
        Duration silent,
        Duration head,
        Duration grace,
        Duration connect,
        Duration idle,
        Duration halfClosed,
        Duration lost,
        Duration drain) {
    public static final Timeouts DEFAULTS = new Timeouts(
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ofSeconds(30));
}
