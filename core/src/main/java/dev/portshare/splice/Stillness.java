package dev.portshare.splice;

import dev.portshare.connection.Deadlines;

/**
 * How long a connection may move nothing.
 *
 * @param idle       while both directions are open
 * @param halfClosed when one of them has ended; the same object where that makes no difference
 */
public record Stillness(Deadlines idle, Deadlines halfClosed) {
    /** Where both set a limit to a half-closed connection, the shorter one counts. */
    public static Stillness of(Deadlines idle, Deadlines halfClosed) {
        return new Stillness(idle, halfClosed.areStricterThan(idle) ? halfClosed : idle);
    }
}
