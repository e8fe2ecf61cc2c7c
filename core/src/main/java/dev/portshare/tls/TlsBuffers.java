package dev.portshare.tls;

import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;

/**
 * Where encrypted bytes stand on their way in and out: one for all connections of an event loop. What stands here is a connection's own
 * until it returns to the event loop.
 */
public final class TlsBuffers {
    /** The most that {@link TlsEngine#write} adds to a record of 16 KiB, and more (RFC 5246, 6.2.3; RFC 8446, 5.2). */
    private static final int RECORD_OVERHEAD = 256;

    private static final int RECORD = 16 * 1024;
    /** What a handshake, or what is left of one, sends besides. */
    private static final int HANDSHAKE = 32 * 1024;

    private final ByteBuffer in;
    private final long inAddress;
    private final ByteBuffer out;
    private final long outAddress;

    /** For at most {@code most} bytes at once. */
    public TlsBuffers(int most) {
        int size = most + (most / RECORD + 1) * RECORD_OVERHEAD + HANDSHAKE;
        in = ByteBuffer.allocateDirect(size);
        inAddress = Buffer.memoryAddress(in);
        out = ByteBuffer.allocateDirect(size);
        outAddress = Buffer.memoryAddress(out);
    }

    /** Makes both empty. */
    public void clear() {
        in.clear().limit(0);
        out.clear();
    }

    /** What has come in, from its position to its limit. */
    public ByteBuffer in() {
        return in;
    }

    /** What is to go out, up to its position. */
    public ByteBuffer out() {
        return out;
    }

    /** Where {@link #in} begins in memory. */
    public long inAddress() {
        return inAddress;
    }

    /** Where {@link #out} begins in memory. */
    public long outAddress() {
        return outAddress;
    }
}
