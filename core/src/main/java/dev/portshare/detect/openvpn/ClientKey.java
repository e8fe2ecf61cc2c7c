package dev.portshare.detect.openvpn;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a tls-crypt-v2 client's key tells of itself. Source: OpenVPN, doc/tls-crypt-v2.txt.
 */
public final class ClientKey {
    /** {@link #issued} of a key with metadata of the user's own. */
    public static final long UNKNOWN = -1;

    private final byte[] wrapped;
    private final long issued;

    /**
     * @param wrapped the key as the client sends it, wrapped by the server's
     * @param issued  when it was made, in seconds since 1970; {@link #UNKNOWN}
     */
    ClientKey(byte[] wrapped, long issued) {
        this.wrapped = wrapped;
        this.issued = issued;
    }

    /** When it was made, in seconds since 1970; {@link #UNKNOWN} where its metadata says something else. */
    public long issued() {
        return issued;
    }

    /** SHA-256 of the wrapped key, in lower-case hexadecimal: the client's name in lists. */
    public String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wrapped));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
