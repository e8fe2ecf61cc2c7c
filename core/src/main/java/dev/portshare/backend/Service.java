package dev.portshare.backend;

/**
 * A server that DNS names for a service (RFC 2782).
 *
 * @param host     a name
 * @param port     0 to 65535
 * @param priority the lower, the earlier
 * @param weight   its share among those of its priority; 0: next to nothing
 */
public record Service(String host, int port, int priority, int weight) {}
