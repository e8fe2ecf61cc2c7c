package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.route.ProxyProtocol;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a backend gets first of one connection: what it is told of the client, where it is told anything, and the head. It stands at the
 * start of the loop's buffer, or is kept for a later turn.
 */
final class Opening {
    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final @Nullable ProxyProtocol proxyProtocol;
    private final byte[] header;
    private final boolean isEncrypted;
    private byte[] kept = NOTHING;
    private int length;

    /**
     * Of {@code connection}, of whose client the backend is told what is known now.
     *
     * @param isEncrypted whether the head goes within TLS, which begins behind what tells of the client
     */
    Opening(Connection connection, @Nullable ProxyProtocol proxyProtocol, boolean isEncrypted) {
        this.isEncrypted = isEncrypted;
        this.connection = connection;
        this.proxyProtocol = proxyProtocol;
        this.header = proxyProtocol == null ? NOTHING : ClientHeader.of(proxyProtocol, connection);
    }

    /** How many bytes it has. */
    int length() {
        return length;
    }

    /** How many of them tell of the client; the head follows. */
    int headerLength() {
        return header.length;
    }

    /** How many of them go as they are. */
    int plain() {
        return isEncrypted ? header.length : length;
    }

    /** Puts the header before the client's {@code headLength} bytes at the start of the loop's buffer. */
    void precede(int headLength) {
        if (header.length > 0) {
            ByteBuffer buffer = connection.loop().buffer();
            buffer.put(header.length, buffer, 0, headLength).put(0, header);
        }
        length = header.length + headLength;
    }

    /** Keeps what stands in the loop's buffer. */
    void keep() {
        if (kept.length < length) {
            kept = new byte[length];
            connection.loop().buffer().get(kept);
        }
    }

    /** Puts into the loop's buffer what is kept, if it is. */
    void load() {
        if (kept.length > 0) {
            connection.loop().buffer().put(kept);
        }
    }

    /** It is sent, or somebody else's to send. */
    void forget() {
        kept = NOTHING;
    }

    /** The head, as far as it is kept. */
    byte[] head() {
        return header.length == 0 || kept.length == 0 ? kept : Arrays.copyOfRange(kept, header.length, kept.length);
    }

    /** Whether what the backend is told of the client is still all that is known. */
    boolean isUpToDate() {
        return proxyProtocol == null || Arrays.equals(header, ClientHeader.of(proxyProtocol, connection));
    }

    /** Whether the backend is told of the client. */
    boolean tells() {
        return proxyProtocol != null;
    }
}
