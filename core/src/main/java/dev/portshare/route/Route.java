package dev.portshare.route;

/**
 * Conditions on the facts, and where a connection that meets them goes.
 *
 * @param name unique in its table; what the log calls it
 */
public record Route(String name, Condition when, Target to) {}
