package dev.portshare.detect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a detector says of the bytes so far. */
public sealed interface Detection {
    /** More bytes could still make it this protocol, and only more bytes can tell. */
    Detection NEED_MORE = Undecided.NEED_MORE;
    /** Whatever follows, it is not this protocol. */
    Detection NO_MATCH = Undecided.NO_MATCH;

    /** The two answers that carry no facts. */
    enum Undecided implements Detection {
        NEED_MORE,
        NO_MATCH
    }

    /**
     * It is this protocol, whatever follows.
     *
     * @param protocol             the detector's name
     * @param serverName           the TLS server name (RFC 6066, 3) in lower case, without its trailing dot; null where
     *                             the client sent none
     * @param applicationProtocols the ALPN names (RFC 7301) in the client's order, one char a byte (ISO 8859-1);
     *                             unmodifiable
     */
    record Match(String protocol, @Nullable String serverName, List<String> applicationProtocols) implements Detection {
        /** A match of a protocol that names no server. */
        public static Match of(String protocol) {
            return new Match(protocol, null, List.of());
        }
    }
}
