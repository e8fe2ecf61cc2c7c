package dev.portshare.session;

import org.jspecify.annotations.Nullable;

/**
 * How one of a route's backends is.
 *
 * @param backend   as the configuration writes it, or DNS names it
 * @param up        whether it is thought to accept
 * @param drained   whether it gets no new connections since somebody wanted that
 * @param why       what made it down; null: it is up
 * @param live      how many connections it has
 * @param weight    1 to 100
 * @param backup    whether it gets something only while none of the others can be had
 */
public record BackendState(
        String backend,
        boolean up,
        boolean drained,
        @Nullable String why,
        int live,
        int weight,
        boolean backup) {
    /** Whether new connections go there. */
    public boolean takes() {
        return up && !drained;
    }
}
