package dev.portshare.backend;

import dev.portshare.route.Backend;
import dev.portshare.route.ProxyProtocol;
import org.jspecify.annotations.Nullable;

/**
 * How a route's connections get to their backend.
 *
 * @param proxyProtocol how the backend is told first of all whose connection it gets; null: not at all
 * @param origin        where it sees them come from; null: that is the kernel's choice
 * @param journal       where a file tells of each; null: nowhere
 */
public record Way(
        Backend backend,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable Origin origin,
        @Nullable JournalDirectory journal) {}
