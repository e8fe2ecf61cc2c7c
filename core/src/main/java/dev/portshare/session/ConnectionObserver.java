package dev.portshare.session;

/** Is told of each connection's end, exactly once, on the connection's event loop: it must not block. */
@FunctionalInterface
public interface ConnectionObserver {
    void closed(ConnectionRecord connection);

    /** Connection {@code id} has opened {@code what}, such as {@code ssh for 10m}, for the address of {@code client}; as well. */
    default void opened(long id, Endpoint client, String what) {}
}
