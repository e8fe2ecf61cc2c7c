package dev.portshare.detect.tls;

import static dev.portshare.detect.ByteReader.require;

import dev.portshare.detect.ByteReader;

/**
 * The hello of an old client that begins in SSLv2's framing and offers SSLv3 or TLS in it (RFC 5246, E.2). What is valid
 * is what OpenSSL 3.0 answers with a ServerHello. There is no place in it for a server name.
 */
final class Sslv2Hello {
    /** One bit says that the header has two bytes; the others are the length. */
    private static final int TWO_BYTES = 0x8000;
    /** Type, version, and three lengths. */
    private static final int FIXED = 1 + 2 + 3 * 2;

    private static final int SUITE = 3;
    private static final int MAX_LENGTH = 1 << 14;
    private static final int CLIENT_HELLO = 1;
    private static final int MAX_SESSION_ID = 32;

    private Sslv2Hello() {}

    /**
     * Reads the hello at the start of a head, and nothing after it.
     *
     * @throws ByteReader.Stop if the head does not begin one, or not a whole one yet
     */
    static void pass(ByteReader in) {
        int length = in.number(2, TWO_BYTES | FIXED + SUITE, TWO_BYTES | MAX_LENGTH) & ~TWO_BYTES;
        in.number(1, CLIENT_HELLO, CLIENT_HELLO);
        in.number(1, 3, 3); // SSLv2 alone would be 0.2
        in.next();
        int left = length - FIXED;
        int suites = in.number(2, SUITE, left - left % SUITE);
        require(suites % SUITE == 0);
        int sessionId = in.number(2, 0, Math.min(MAX_SESSION_ID, left - suites));
        int challenge = left - suites - sessionId;
        in.number(2, challenge, challenge);
        in.skip(left);
    }
}
