package dev.portshare.route;

import dev.portshare.session.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Which clients are let in.
 *
 * @param allow the only ones; null: everybody
 * @param deny  who is not, even of those; null: nobody
 */
public record AccessList(@Nullable CidrSet allow, @Nullable CidrSet deny) {
    /** Whether {@code client} is not let in; null: one without an address, who is in no list. */
    public boolean denies(@Nullable Endpoint client) {
        return client == null
                ? allow != null
                : allow != null && !allow.contains(client) || deny != null && deny.contains(client);
    }
}
