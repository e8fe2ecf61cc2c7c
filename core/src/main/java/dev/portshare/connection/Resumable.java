package dev.portshare.connection;

/** Whoever is told of a client's events, and can be gone on with by another process. */
public interface Resumable extends Side.Events {
    /** How far the connection has come. */
    Carried.Stage stage();
}
