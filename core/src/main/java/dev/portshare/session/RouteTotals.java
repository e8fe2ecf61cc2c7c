package dev.portshare.session;

/**
 * What the connections that one route took on one event loop have come to so far, those that live included: counted by the
 * sessions themselves, so that nobody has to walk them. Confined to that loop, or a sum of several.
 */
public final class RouteTotals {
    private final String route;
    private long taken;
    private long lastTaken;
    private long connected;
    private long lastConnected;
    private long in;
    private long out;

    /** Nothing yet of the route of this name. */
    public RouteTotals(String route) {
        this.route = route;
    }

    public String route() {
        return route;
    }

    /** How many connections the route took. */
    public long taken() {
        return taken;
    }

    /** {@link System#nanoTime} of the last of them; means nothing where there is none. */
    public long lastTaken() {
        return lastTaken;
    }

    /** How many of them got their backend. */
    public long connected() {
        return connected;
    }

    /** {@link System#nanoTime} of the last of those; means nothing where there is none. */
    public long lastConnected() {
        return lastConnected;
    }

    /** Bytes from clients to backends. */
    public long in() {
        return in;
    }

    /** Bytes from backends to clients. */
    public long out() {
        return out;
    }

    void countTaken(long now) {
        taken++;
        lastTaken = now;
    }

    void countConnected(long now) {
        connected++;
        lastConnected = now;
    }

    void countIn(int bytes) {
        in += bytes;
    }

    void countOut(int bytes) {
        out += bytes;
    }

    /** Adds what {@code other} has counted. */
    public void add(RouteTotals other) {
        lastTaken = later(taken, lastTaken, other.taken, other.lastTaken);
        lastConnected = later(connected, lastConnected, other.connected, other.lastConnected);
        taken += other.taken;
        connected += other.connected;
        in += other.in;
        out += other.out;
    }

    private static long later(long count, long time, long otherCount, long otherTime) {
        boolean isLater = otherCount > 0 && (count == 0 || otherTime - time > 0);
        return isLater ? otherTime : time;
    }
}
