package dev.portshare.route;

import java.nio.file.Path;

/**
 * Where files tell a backend whose connections it has, one for each.
 *
 * @param directory absolute, or relative to where the program was started
 */
public record Journal(Path directory, Format format) {
    /** How addresses are written in it. */
    public enum Format {
        /** As OpenVPN's port-share does: {@code [AF_INET]192.0.2.7:51788}. */
        OPENVPN,
        /** As the log does: {@code 192.0.2.7:51788}. */
        PLAIN;

        /**
         * Reads {@code openvpn} or {@code plain}.
         *
         * @throws IllegalArgumentException saying what to write instead
         */
        public static Format parse(String word) {
            return switch (word) {
                case "openvpn" -> OPENVPN;
                case "plain" -> PLAIN;
                default ->
                    throw new IllegalArgumentException("\"" + word + "\" is no journal format; write openvpn or plain");
            };
        }
    }
}
