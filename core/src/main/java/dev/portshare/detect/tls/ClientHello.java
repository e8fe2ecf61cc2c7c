package dev.portshare.detect.tls;

import static dev.portshare.detect.ByteReader.require;

import dev.portshare.detect.ByteReader;
import dev.portshare.detect.tls.HandshakeReader.Mark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs of a TLS ClientHello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2).
 *
 * @param serverName           as the client sent it; null where it sent none
 * @param applicationProtocols the ALPN names in the client's order, one char a byte (ISO 8859-1)
 * @param encryptedHello       whether it has the outer form of an encrypted hello in it (RFC 9849, 5)
 */
record ClientHello(@Nullable String serverName, List<String> applicationProtocols, boolean encryptedHello) {
    /**
     * The longest ClientHello read, in bytes of its body: 64 KiB, as Go's crypto/tls has it. The largest seen from
     * real clients is 2 KB; the 16 MiB the format allows would let any stranger fill memory.
     */
    static final int MAX_LENGTH = 1 << 16;

    private static final int CLIENT_HELLO = 1;
    private static final int MAX_SESSION_ID = 32;
    /** The parts after the session id at their shortest: one suite and one compression method with their lengths. */
    private static final int MIN_AFTER_SESSION_ID = 2 + 2 + 1 + 1;
    /** Version, random, an empty session id, and those parts. */
    private static final int MIN_LENGTH = 2 + 32 + 1 + MIN_AFTER_SESSION_ID;

    /**
     * Reads the hello at the start of a head, and nothing after it.
     *
     * @throws ByteReader.Stop if the head does not begin a ClientHello, or not a whole one yet
     */
    static ClientHello read(HandshakeReader in) {
        in.number(1, CLIENT_HELLO, CLIENT_HELLO);
        int left = in.number(3, MIN_LENGTH, MAX_LENGTH);
        in.number(1, 3, 3); // legacy_version, as in a record
        in.skip(1 + 32);
        left -= 2 + 32 + 1;
        int sessionId = in.number(1, 0, Math.min(MAX_SESSION_ID, left - MIN_AFTER_SESSION_ID));
        in.skip(sessionId);
        left -= sessionId + 2;
        int suites = in.number(2, 2, left - 2);
        require(suites % 2 == 0);
        in.skip(suites);
        left -= suites + 1;
        int compressions = in.number(1, 1, left);
        left -= compressions;
        require(left == 0 || Extensions.fill(left - 2));
        in.skip(compressions);
        Extensions extensions = new Extensions(in);
        if (left > 0) {
            extensions.pass(in.number(2, left - 2, left - 2));
        }
        return new ClientHello(extensions.serverName(), extensions.applicationProtocols(), extensions.encryptedHello);
    }

    /**
     * The extension block (RFC 8446, 4.2). It is checked on the way, and only marks are kept: the text is read once the
     * hello is complete, or a hello that trickles in would be turned into text again with every read.
     */
    private static final class Extensions {
        private static final int HEADER = 4;
        private static final int SERVER_NAME = 0;
        private static final int ALPN = 16;
        private static final int ENCRYPTED_HELLO = 0xFE0D;
        private static final int HOST_NAME = 0;
        /** The encrypted hello of a client; within one, and behind the server that opened it, another form stands. */
        private static final int OUTER = 0;
        /** In front of the one name: list length, name type, name length (RFC 6066, 3). */
        private static final int NAME_HEADER = 2 + 1 + 2;
        /** What DNS can carry (RFC 1035, 2.3.4); the format would allow 65,535. */
        private static final int MAX_NAME = 255;

        private final HandshakeReader in;
        private long seen;
        private @Nullable Mark name;
        private @Nullable Mark protocols;
        private int protocolCount;
        private boolean encryptedHello;

        Extensions(HandshakeReader in) {
            this.in = in;
        }

        /** Whether extensions can fill that many bytes: none can, or at least a header's worth. */
        static boolean fill(int length) {
            return length == 0 || length >= HEADER;
        }

        /** Passes extensions until they have filled {@code block} bytes, exactly. */
        void pass(int block) {
            int left = block;
            while (left > 0) {
                int type = in.number(2, 0, 0xFFFF);
                requireFirst(type);
                left -= HEADER;
                int length = switch (type) {
                    case SERVER_NAME -> in.number(2, NAME_HEADER + 1, Math.min(NAME_HEADER + MAX_NAME, left));
                    case ALPN -> in.number(2, 2 + 1 + 1, left);
                    default -> in.number(2, 0, left);
                };
                left -= length;
                require(fill(left));
                switch (type) {
                    case SERVER_NAME -> passName(length);
                    case ALPN -> passProtocols(length);
                    case ENCRYPTED_HELLO -> passEncryptedHello(length);
                    default -> in.skip(length);
                }
            }
        }

        /** No type may come twice (RFC 8446, 4.2). One bit a type: 0 to 63, which holds those that are read here. */
        private void requireFirst(int type) {
            if (type < Long.SIZE) {
                long bit = 1L << type;
                require((seen & bit) == 0);
                seen |= bit;
            }
        }

        /**
         * One host name of visible ASCII. A backend that reads a second name, or stops at a NUL, would be reached by a
         * name that was never compared with a route.
         */
        private void passName(int length) {
            in.number(2, length - 2, length - 2);
            in.number(1, HOST_NAME, HOST_NAME);
            name = in.mark();
            int nameLength = in.number(2, length - NAME_HEADER, length - NAME_HEADER);
            for (int i = 0; i < nameLength; i++) {
                int character = in.number(1, 0x21, 0x7E);
                require(character != '.' || nameLength > 1); // the root alone names no server
            }
        }

        /** Names of 1 to 255 bytes, any bytes (RFC 7301, 3.1): GREASE is no text (RFC 8701). */
        private void passProtocols(int length) {
            protocols = in.mark();
            int left = in.number(2, length - 2, length - 2);
            while (left > 0) {
                int nameLength = in.number(1, 1, left - 1);
                left -= 1 + nameLength;
                require(left != 1);
                in.skip(nameLength);
                protocolCount++;
            }
        }

        /** Only the form is read: the rest looks the same where it is GREASE (RFC 9849, 6.2). */
        private void passEncryptedHello(int length) {
            if (length > 0) {
                encryptedHello |= in.next() == OUTER;
                in.skip(length - 1);
            }
        }

        @Nullable
        String serverName() {
            if (name == null) {
                return null;
            }
            in.returnTo(name);
            return in.text(in.number(2, 1, MAX_NAME));
        }

        List<String> applicationProtocols() {
            if (protocols == null) {
                return List.of();
            }
            in.returnTo(protocols);
            byte[] bytes = new byte[in.number(2, 2, 0xFFFF) - protocolCount];
            char[] ends = new char[protocolCount];
            int end = 0;
            for (int i = 0; i < protocolCount; i++) {
                int length = in.number(1, 1, 0xFF);
                in.read(bytes, end, length);
                end += length;
                ends[i] = (char) end;
            }
            return new ProtocolNames(bytes, ends);
        }
    }
}
