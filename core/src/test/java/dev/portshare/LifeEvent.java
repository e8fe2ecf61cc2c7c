package dev.portshare;

/** What can meet a connection. */
enum LifeEvent {
    /** Bytes of the client that do not decide what it is. */
    PARTIAL,
    /** Bytes that do. With an early backend: for another one. */
    DECIDE,
    /** Bytes that decide for the early backend. */
    KEEP,
    /** Bytes of a client that is decided. */
    BYTES,
    FIN,
    RESET,
    BACKEND_BYTES,
    BACKEND_FIN,
    BACKEND_RESET,
    HEAD_DUE,
    CONNECT_DUE,
    IDLE_DUE,
    RELOAD,
    /** Told to stop, with much time left. */
    DRAIN,
    /** Told to stop at once. */
    STOP,
    KILL,
    /** Another process goes on with it. */
    HAND_ON;

    boolean isOfClient() {
        return ordinal() <= RESET.ordinal();
    }

    boolean isOfBackend() {
        return this == BACKEND_BYTES || this == BACKEND_FIN || this == BACKEND_RESET;
    }

    boolean isOfPeer() {
        return isOfClient() || isOfBackend();
    }

    /** Whether it meets the whole program. */
    boolean isOfProgram() {
        return this == RELOAD || this == DRAIN || this == STOP || this == HAND_ON;
    }
}
