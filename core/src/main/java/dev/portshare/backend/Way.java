package dev.portshare.backend;

import dev.portshare.route.Backend;
import dev.portshare.route.ProxyProtocol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a route's connections get to their backend.
 *
 * @param proxyProtocol how the backend is told first of all whose connection it gets; null: not at all
 * @param origin        where it sees them come from; null: that is the kernel's choice
 * @param idle          how long a connection may move nothing, zero for ever; null: as long as any
 * @param journal       where a file tells of each; null: nowhere
 * @param lost          how long the backend, on another machine, may leave unanswered what was sent; zero: as long as the kernel waits
 */
public record Way(
        Backend backend,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable Origin origin,
        @Nullable BackendJournal journal,
        @Nullable Duration idle,
        Duration lost) {}
