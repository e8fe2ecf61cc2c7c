package dev.portshare.route;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a connection.
 *
 * @param route null: no route takes it
 */
public record Outcome(@Nullable Route route) {}
