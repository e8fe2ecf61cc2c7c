package dev.portshare.session;

/** Is told of each connection's end, exactly once, on the connection's event loop: it must not block. */
@FunctionalInterface
public interface ConnectionObserver {
    void closed(ConnectionRecord connection);
}
