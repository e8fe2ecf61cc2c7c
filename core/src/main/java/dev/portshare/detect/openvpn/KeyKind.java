package dev.portshare.detect.openvpn;

/** What a text is that is not the key that was wanted. */
final class KeyKind {
    private static final String[][] KINDS = {
        {
            StaticKey.HEAD,
            "an OpenVPN static key",
            "name it under tls-auth, tls-crypt or secret, whichever the server has; under tls-crypt-v2 stands the file"
                    + " of the server's line tls-crypt-v2"
        },
        {
            TlsCryptV2Key.HEAD,
            "a server's tls-crypt-v2 key",
            "name it under tls-crypt-v2, or name the file of the server's line tls-auth, tls-crypt or secret"
        },
        {
            "-----BEGIN OpenVPN tls-crypt-v2 client key-----",
            "a client's tls-crypt-v2 key",
            "name the server's, which its line tls-crypt-v2 names"
        },
        {"-----BEGIN CERTIFICATE-----", "a certificate", "name the file of tls-auth, tls-crypt or tls-crypt-v2"},
        {
            "PRIVATE KEY-----",
            "the private key of a certificate",
            "name the file of tls-auth, tls-crypt or tls-crypt-v2: nothing else of OpenVPN's need be read here"
        },
    };

    private KeyKind() {}

    /** Tells what {@code text} is, in which {@code wanted}, the line that such a key begins with, was not found. */
    static IllegalArgumentException insteadOf(String wanted, String text) {
        if (text.isBlank()) {
            return new IllegalArgumentException(
                    "nothing in it; it should have the line \"" + wanted + "\" and a key: copy the server's file");
        }
        for (String[] kind : KINDS) {
            if (!kind[0].equals(wanted) && text.contains(kind[0])) {
                return new IllegalArgumentException("this is " + kind[1] + "; " + kind[2]);
            }
        }
        return new IllegalArgumentException("no line begins with \"" + wanted
                + "\"; name the file that the server's configuration names, or copy it whole");
    }
}
