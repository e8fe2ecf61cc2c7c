package dev.portshare.detect;

import dev.portshare.detect.openvpn.Proof;
import java.util.List;
import java.util.Locale;
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
     * @param serverName           the TLS server name (RFC 6066, 3), kept in lower case and without its trailing dot; null
     *                             where the client sent none
     * @param applicationProtocols the ALPN names (RFC 7301) in the client's order, one char a byte (ISO 8859-1);
     *                             unmodifiable
     * @param encryptedHello       whether the hello has an encrypted one in it (RFC 9849), or GREASE that looks like it
     * @param host                 the host of an HTTP request (RFC 9110, 7.2) without its port, kept like {@code serverName};
     *                             null where the client sent none
     * @param cookie               what stands behind {@code mstshash=} in an RDP connection request, or its routing token
     *                             (MS-RDPBCGR, 2.2.1.1), one char a byte; null where the client sent none
     * @param proof                which key the first packet of an OpenVPN client is proven by; null: by none
     */
    record Match(
            String protocol,
            @Nullable String serverName,
            List<String> applicationProtocols,
            boolean encryptedHello,
            @Nullable String host,
            @Nullable String cookie,
            @Nullable Proof proof)
            implements Detection {
        public Match {
            serverName = serverName == null ? null : normal(serverName);
            host = host == null ? null : normal(host);
        }

        /** A match of a protocol that tells no more. */
        public static Match of(String protocol) {
            return new Match(protocol, null, List.of(), false, null, null, null);
        }

        /** A TLS client. */
        public static Match tls(
                @Nullable String serverName, List<String> applicationProtocols, boolean encryptedHello) {
            return new Match(Detectors.TLS, serverName, applicationProtocols, encryptedHello, null, null, null);
        }

        /** An HTTP/1 client. */
        public static Match http(@Nullable String host) {
            return new Match(Detectors.HTTP, null, List.of(), false, host, null, null);
        }

        /** An RDP client. */
        public static Match rdp(@Nullable String cookie) {
            return new Match(Detectors.RDP, null, List.of(), false, null, cookie, null);
        }

        /** An OpenVPN client that holds a key. */
        public static Match openVpn(Proof proof) {
            return new Match(Detectors.OPENVPN, null, List.of(), false, null, null, proof);
        }

        /** {@code name} as names are compared: case and one trailing dot mean nothing (RFC 4343; RFC 6066, 3). */
        public static String normal(String name) {
            String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            return bare.toLowerCase(Locale.ROOT);
        }
    }
}
