package dev.portshare.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How it is told which backends can be had.
 *
 * @param failures so many in a row, of connections to a backend or of checks, and it is down; at least 1
 * @param retry    how long one that is down is left alone before a connection tries it again: at first; each further failure
 *                 doubles that, up to {@link #LONGEST}
 * @param check    what asks it besides; null: nothing, its connections tell
 */
public record Health(int failures, Duration retry, @Nullable Check check) {
    /** The longest time for which a backend is left alone. */
    public static final Duration LONGEST = Duration.ofMinutes(1);

    /** What counts where the route file says nothing of it. */
    public static final Health DEFAULT = new Health(3, Duration.ofSeconds(1), null);

    /** What a check asks for. */
    public enum Kind {
        /** That a connection is accepted. */
        TCP,
        /** That a TLS handshake for a name comes to its end; whose certificate it is does not matter. */
        TLS,
        /** That an OpenVPN client's first packet gets its answer. */
        OPENVPN;

        /**
         * Reads the word for one.
         *
         * @throws IllegalArgumentException saying what to write instead
         */
        public static Kind parse(String word) {
            return switch (word) {
                case "tcp" -> TCP;
                case "tls" -> TLS;
                case "openvpn" -> OPENVPN;
                default ->
                    throw new IllegalArgumentException("\"" + word + "\" is no check; write tcp, tls or openvpn");
            };
        }
    }

    /**
     * What is asked, again and again.
     *
     * @param name    the server name that a {@link Kind#TLS} check asks for; null: none
     * @param every   from one to the next
     * @param timeout how long the answer may take
     */
    public record Check(Kind kind, @Nullable String name, Duration every, Duration timeout) {}
}
