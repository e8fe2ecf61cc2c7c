package dev.portshare.route;

import java.util.List;

/**
 * As whom a server shows itself in TLS.
 *
 * @param chain its certificate, and those that lead from it towards a known one; PEM
 * @param key   the certificate's private key; PEM, PKCS #8
 * @param names which servers the certificate is good for, in lower case
 */
public record Identity(String chain, String key, List<String> names) {
    /** Never the key. */
    @Override
    public String toString() {
        return String.join(",", names);
    }
}
