package dev.portshare.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake that was ended here has told of the client.
 *
 * @param serverName          whom it asked for, in lower case; null: nobody
 * @param applicationProtocol the ALPN name that was chosen; null: none
 * @param holders             whom its certificate names, in lower case; none where it has shown none
 */
public record Handshake(
        @Nullable String serverName, @Nullable String applicationProtocol, List<String> holders) {}
