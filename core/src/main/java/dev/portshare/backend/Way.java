package dev.portshare.backend;

import dev.portshare.route.Backend;
import dev.portshare.route.ProxyProtocol;
import dev.portshare.route.Target;
import dev.portshare.tls.ClientContexts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a route's connections get to their backend.
 *
 * @param to      where they lead
 * @param group   chooses among several backends; null: there is one
 * @param proxyProtocol how the backend is told first of all whose connection it gets; null: not at all
 * @param origin        where it sees them come from; null: that is the kernel's choice
 * @param idle          how long a connection may move nothing, zero for ever; null: as long as any
 * @param journal       where a file tells of each; null: nowhere
 * @param tls           how TLS to the backend is begun; null: it is not
 * @param connect       how long all tries may take together; zero: as long as the kernel waits
 * @param lost          how long the backend, on another machine, may leave unanswered what was sent; zero: as long as the kernel waits
 */
public record Way(
        Target.Forward to,
        @Nullable Group group,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable Origin origin,
        @Nullable BackendJournal journal,
        @Nullable Duration idle,
        @Nullable ClientContexts tls,
        Duration connect,
        Duration lost) {
    /** A connection attempt is given this long before the next begins (RFC 8305, 5). */
    private static final Duration DELAY = Duration.ofMillis(250);
    /** The same for another backend, which is to be had only if this one is not: the first SYN may be lost. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** Such a part of the whole time is for one of several backends at most. */
    private static final int PART = 4;

    /** The backend, where there is one. */
    public Backend backend() {
        return to.members().getFirst().backend();
    }

    /** How long to wait for an address before the next is tried, which is of {@code another} backend or of the same. */
    Duration patience(boolean another) {
        Duration usual = another ? PATIENCE : DELAY;
        Duration part = connect.dividedBy(PART);
        return part.isZero() || usual.compareTo(part) < 0 ? usual : part;
    }

    @Override
    public String toString() {
        return to.toString();
    }
}
