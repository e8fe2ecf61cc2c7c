package dev.portshare.connection;

/** Knows what a connection takes up besides its own, and is told of its end. */
@FunctionalInterface
public interface Guest {
    /** The connection has ended; on its event loop, once. */
    void left();
}
