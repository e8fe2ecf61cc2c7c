package dev.portshare.route;

import org.jspecify.annotations.Nullable;

/**
 * How a route's backend is reached by TLS.
 *
 * @param authorities whose certificates are believed; PEM; null: anybody's, unverified
 * @param name        as whom the backend has to show itself, and what it is asked for; null: by the host of its address
 */
public record BackendTls(
        @Nullable String authorities, @Nullable String name) {
    /** As whom {@code backend} has to show itself; null: that has no name. */
    public @Nullable String nameOf(Backend backend) {
        if (name != null) {
            return name;
        }
        return backend instanceof Backend.Tcp tcp ? tcp.host() : null;
    }

    /** Not the whole bundle. */
    @Override
    public String toString() {
        return authorities == null ? "unverified" : "verified";
    }
}
