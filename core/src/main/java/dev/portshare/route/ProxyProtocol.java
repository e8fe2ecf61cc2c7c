package dev.portshare.route;

/** The header by which a backend is told whose connection it gets (HAProxy's doc/proxy-protocol.txt). */
public enum ProxyProtocol {
    /** Version 1: one line of text with the addresses. */
    V1("v1"),
    /** Version 2: the addresses, and what a TLS client asks for. */
    V2("v2"),
    /** Version 2 with a checksum. */
    V2_CRC32C("v2-crc32c");

    private final String word;

    ProxyProtocol(String word) {
        this.word = word;
    }

    /**
     * Reads the notation.
     *
     * @throws IllegalArgumentException saying what to write instead
     */
    public static ProxyProtocol parse(String word) {
        for (ProxyProtocol protocol : values()) {
            if (protocol.word.equals(word)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException(
                "\"" + word + "\" is no version of the PROXY protocol; write v1, v2 or v2-crc32c");
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    public String toString() {
        return word;
    }
}
