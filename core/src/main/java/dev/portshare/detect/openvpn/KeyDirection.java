package dev.portshare.detect.openvpn;

/** Which half of a static key the clients sign with: OpenVPN's {@code key-direction}, as the server has it. */
public enum KeyDirection {
    /** Both ways the same half. */
    NONE(64),
    /** The clients have 1. */
    ZERO(192),
    /** The clients have 0. */
    ONE(64);

    /** Where the key stands that the clients sign with. Source: OpenVPN, crypto.c, key_direction_state_init. */
    private final int hmacAt;

    KeyDirection(int hmacAt) {
        this.hmacAt = hmacAt;
    }

    int hmacAt() {
        return hmacAt;
    }

    /**
     * Reads {@code 0} or {@code 1}.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static KeyDirection parse(String text) {
        return switch (text) {
            case "0" -> ZERO;
            case "1" -> ONE;
            default ->
                throw new IllegalArgumentException("no key direction \"" + text
                        + "\"; write the server's, 0 or 1, or leave it out where the server has none");
        };
    }
}
