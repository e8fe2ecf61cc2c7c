package dev.portshare.connection;

import dev.portshare.tls.TlsBuffers;
import dev.portshare.tls.TlsEngine;
import dev.portshare.tls.TlsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what a side sends, and decrypts what it receives. What the kernel does not take, the side keeps as ciphertext. Of what has
 * been received and is not asked for yet no event tells: {@link Side#mayHaveMore} does.
 *
 * <p>The peer's close_notify reads as its end; so does a FIN without one, as with nginx and stunnel: too many clients just close. A peer
 * that resets is no end.
 */
final class TlsLayer {
    /** The least that is received at once: a record has to come whole before any of it can be read. */
    private static final int LEAST = 16 * 1024;

    private static final int MOST_UNHEARD = 100;

    private final Side side;
    private final Loop loop;
    private final TlsEngine engine;
    /** Received and not decrypted; null nearly always: BoringSSL keeps what a record lacks the rest of. */
    private byte @Nullable [] rest;

    /** How many answers of TLS's own wait in a row. */
    private int unheard;

    private boolean holds;
    private boolean ended;
    private boolean finished;
    private boolean finIsDue;

    /** For {@code side}, by {@code engine}, which is this one's from now on. */
    TlsLayer(Side side, Loop loop, TlsEngine engine, byte @Nullable [] received) {
        this.side = side;
        this.loop = loop;
        this.engine = engine;
        this.rest = received;
    }

    TlsEngine engine() {
        return engine;
    }

    /** Whether there is something to be read that has left the kernel. */
    boolean holds() {
        return holds;
    }

    /** As {@link Side#handshake}. */
    boolean handshake() throws IOException {
        TlsBuffers buffers = load();
        while (true) {
            boolean done;
            try {
                done = engine.handshake(buffers);
            } catch (TlsException e) {
                alert(buffers);
                throw e;
            }
            boolean answers = buffers.out().position() > 0;
            transmit(buffers);
            if (done) {
                if (!answers) {
                    side.acknowledge();
                }
                store(buffers);
                return true;
            }
            int count = receive(buffers, LEAST);
            if (count < 0) {
                throw new TlsException("the peer ended the connection in the midst of the handshake");
            }
            if (count == 0) {
                return false;
            }
        }
    }

    /** As {@link Side#read}. */
    int read(int from, int to) throws IOException {
        if (ended) {
            return -1;
        }
        boolean asks = !holds;
        TlsBuffers buffers = load();
        while (true) {
            if (asks) {
                int count = receive(buffers, Math.max(to - from, LEAST));
                if (count == 0) {
                    return 0;
                }
                if (count < 0) {
                    return end();
                }
            }
            int count = decrypt(buffers, from, to);
            if (count < 0) {
                return end();
            }
            if (count > 0) {
                store(buffers);
                // Where the kernel was not asked, it may have more.
                side.mayHaveMore(!asks);
                return count;
            }
            asks = true;
        }
    }

    private int end() {
        ended = true;
        holds = true;
        side.mayHaveMore(true);
        return -1;
    }

    private int decrypt(TlsBuffers buffers, int from, int to) throws IOException {
        int count;
        try {
            count = engine.read(buffers, loop.bufferAddress() + from, to - from);
        } catch (TlsException e) {
            alert(buffers);
            throw e;
        }
        answer(buffers);
        return count;
    }

    /** Sends what TLS itself has to say to what it has read, such as that keys are changed. */
    private void answer(TlsBuffers buffers) throws IOException {
        if (buffers.out().position() == 0) {
            return;
        }
        unheard = side.isBlocked() ? unheard + 1 : 0;
        if (unheard > MOST_UNHEARD) {
            throw new TlsException("the peer asks and asks, and does not read the answers");
        }
        transmit(buffers);
    }

    /** As {@link Side#write}. */
    void write(int from, int to) throws IOException {
        TlsBuffers buffers = loop.tlsBuffers();
        buffers.clear();
        engine.write(buffers, loop.bufferAddress() + from, to - from);
        transmit(buffers);
    }

    /** Ends the outgoing direction within TLS; whether a FIN can follow at once. */
    boolean finish() throws IOException {
        notifyOfEnd();
        finIsDue = side.isBlocked();
        return !finIsDue;
    }

    /** Nothing is kept any more; whether a FIN is to follow now. */
    boolean isFinDue() {
        boolean isDue = finIsDue;
        finIsDue = false;
        return isDue;
    }

    /** The side is about to be closed, in order. */
    void farewell() {
        try {
            if (!side.isBlocked()) {
                notifyOfEnd();
            }
        } catch (IOException _) {
            // The peer has gone already.
        }
    }

    private void notifyOfEnd() throws IOException {
        if (!finished) {
            finished = true;
            TlsBuffers buffers = loop.tlsBuffers();
            buffers.clear();
            engine.finish(buffers);
            transmit(buffers);
        }
    }

    void close() {
        rest = null;
        engine.free();
    }

    private TlsBuffers load() {
        TlsBuffers buffers = loop.tlsBuffers();
        buffers.clear();
        byte[] bytes = rest;
        if (bytes != null) {
            buffers.in().limit(bytes.length).put(bytes).position(0);
            rest = null;
        }
        return buffers;
    }

    private void store(TlsBuffers buffers) {
        ByteBuffer in = buffers.in();
        if (in.hasRemaining()) {
            rest = new byte[in.remaining()];
            in.get(rest);
        }
        holds = rest != null || engine.holds();
        if (holds) {
            side.mayHaveMore(true);
        }
    }

    /** Appends what the kernel has, some {@code most} bytes, to what is to be decrypted, all of which was taken. */
    private int receive(TlsBuffers buffers, int most) throws IOException {
        ByteBuffer in = buffers.in();
        int count = side.receive(buffers.inAddress(), 0, Math.min(most, in.capacity()));
        in.limit(Math.max(count, 0)).position(0);
        return count;
    }

    private void transmit(TlsBuffers buffers) throws IOException {
        ByteBuffer out = buffers.out();
        int length = out.position();
        if (length > 0) {
            side.put(buffers.outAddress(), out.clear(), 0, length);
            out.clear();
        }
    }

    /** What it failed on tells more than that the peer does not want to hear of it. */
    private void alert(TlsBuffers buffers) {
        try {
            transmit(buffers);
        } catch (IOException _) {
            // As above.
        }
    }
}
