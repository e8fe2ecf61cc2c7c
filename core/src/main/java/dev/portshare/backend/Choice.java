package dev.portshare.backend;

import dev.portshare.route.Backend;

/**
 * One of the backends among which a route chooses.
 *
 * @param weight 1 to 100
 * @param tier   0 for those that come first; the others are for when none of a lower tier can be had
 */
record Choice(Standing standing, Verdict verdict, int weight, int tier) {
    Backend backend() {
        return standing.backend();
    }
}
