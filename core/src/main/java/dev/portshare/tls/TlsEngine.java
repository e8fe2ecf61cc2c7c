package dev.portshare.tls;

import io.netty.internal.tcnative.SSL;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One end of one TLS connection. Each call takes encrypted bytes out of the buffers' {@code in} and appends others to their {@code out},
 * which are to be sent also where it throws: an alert may be among them. Its two directions end each on its own. For one thread.
 */
public final class TlsEngine {
    /** What it keeps of its own words while nobody takes them; a longer flight is taken piece by piece. */
    private static final int OWN_WORDS = 512;

    private final TlsContext context;
    private final @Nullable String peerName;
    private final long bio;
    private long ssl;
    private @Nullable String refusal;

    /** Of {@code context}, which must live for as long as this does. */
    TlsEngine(TlsContext context, long ssl, @Nullable String peerName) {
        this.context = context;
        this.peerName = peerName;
        this.ssl = ssl;
        bio = SSL.bioNewByteBuffer(ssl, OWN_WORDS);
    }

    /** As whom the peer has to show itself; null: as anybody. */
    @Nullable
    String peerName() {
        return peerName;
    }

    /** Why the peer's certificate is not good, for the log. */
    void refuse(String reason) {
        refusal = reason;
    }

    /** Goes on with the handshake; whether it is done. If false, all of {@code in} is taken, and more has to come. */
    public boolean handshake(TlsBuffers buffers) throws TlsException {
        context.shaking(ssl, this);
        try {
            while (true) {
                source(buffers);
                int result = SSL.doHandshake(ssl);
                int error = result == 1 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, result);
                String failure = failure(error);
                taken(buffers);
                drain(buffers);
                if (result == 1) {
                    return true;
                }
                if (failure != null) {
                    throw new TlsException(failure);
                }
                if (error == SSL.SSL_ERROR_WANT_READ && !buffers.in().hasRemaining()) {
                    return false;
                }
            }
        } finally {
            context.shaken(ssl);
        }
    }

    /**
     * Decrypts.
     *
     * @return the number of bytes at {@code address}, at most {@code length}; 0: all of {@code in} is taken, and more has to come; -1: the
     *         peer has ended its direction
     */
    public int read(TlsBuffers buffers, long address, int length) throws TlsException {
        int count = 0;
        while (true) {
            source(buffers);
            int error = SSL.SSL_ERROR_NONE;
            while (count < length) {
                int read = SSL.readFromSSL(ssl, address + count, length - count);
                if (read <= 0) {
                    error = SSL.getError(ssl, read);
                    break;
                }
                count += read;
            }
            String failure = failure(error);
            taken(buffers);
            drain(buffers);
            if (failure != null && count == 0) {
                throw new TlsException(failure);
            }
            if (error == SSL.SSL_ERROR_ZERO_RETURN) {
                return count > 0 ? count : -1;
            }
            if (error != SSL.SSL_ERROR_WANT_WRITE) {
                // Of a failure behind these bytes the next call tells again.
                return count;
            }
        }
    }

    /** Whether there are decrypted bytes that {@link #read} had no room for. */
    public boolean holds() {
        return SSL.sslPending(ssl) > 0;
    }

    /** Encrypts the {@code length} bytes at {@code address}, for which {@code out} has room. */
    public void write(TlsBuffers buffers, long address, int length) throws TlsException {
        sink(buffers);
        int count = 0;
        String failure = null;
        while (count < length && failure == null) {
            int written = SSL.writeToSSL(ssl, address + count, length - count);
            if (written > 0) {
                count += written;
            } else {
                failure = "write: " + failure(SSL.getError(ssl, written));
            }
        }
        produced(buffers);
        if (failure != null) {
            throw new TlsException(failure);
        }
    }

    /** Ends the own direction (RFC 8446, 6.1: close_notify); once. */
    public void finish(TlsBuffers buffers) {
        sink(buffers);
        SSL.shutdownSSL(ssl);
        produced(buffers);
    }

    /** The protocol that was chosen (RFC 7301); null: none. */
    public @Nullable String applicationProtocol() {
        return SSL.getAlpnSelected(ssl);
    }

    /** Such as {@code TLSv1.3}. */
    public String version() {
        return SSL.getVersion(ssl);
    }

    /** The cipher suite, by OpenSSL's name. */
    public String cipher() {
        return SSL.getCipherForSSL(ssl);
    }

    /** Whether the handshake went on with an earlier session. */
    public boolean isResumed() {
        return SSL.isSessionReused(ssl);
    }

    /** The peer's certificate, which was found good; null where it has shown none. */
    public @Nullable X509Certificate peerCertificate() {
        byte[] der = SSL.getPeerCertificate(ssl);
        try {
            return der == null ? null : Authorities.certificate(der);
        } catch (CertificateException e) {
            throw new IllegalStateException("it was verified", e);
        }
    }

    /** Gives the memory back; nothing may be called any more. */
    public void free() {
        if (ssl != 0) {
            // With its bio.
            SSL.freeSSL(ssl);
            ssl = 0;
        }
    }

    /** What BoringSSL reads is what has come in; what it writes meanwhile, it keeps. */
    private void source(TlsBuffers buffers) {
        ByteBuffer in = buffers.in();
        SSL.bioSetByteBuffer(bio, buffers.inAddress() + in.position(), in.remaining(), false);
    }

    private void taken(TlsBuffers buffers) {
        ByteBuffer in = buffers.in();
        in.position(in.limit() - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
    }

    /** What BoringSSL has written, and what it writes from now on, goes out. */
    private void sink(TlsBuffers buffers) {
        ByteBuffer out = buffers.out();
        SSL.bioSetByteBuffer(bio, buffers.outAddress() + out.position(), out.remaining(), true);
        SSL.bioFlushByteBuffer(bio);
    }

    private void produced(TlsBuffers buffers) {
        ByteBuffer out = buffers.out();
        out.position(out.limit() - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
    }

    private void drain(TlsBuffers buffers) {
        if (SSL.bioLengthNonApplication(bio) > 0) {
            sink(buffers);
            produced(buffers);
        }
    }

    /** Null: there is none. */
    private @Nullable String failure(int error) {
        if (error == SSL.SSL_ERROR_NONE
                || error == SSL.SSL_ERROR_WANT_READ
                || error == SSL.SSL_ERROR_WANT_WRITE
                || error == SSL.SSL_ERROR_ZERO_RETURN) {
            return null;
        }
        int number = SSL.getLastErrorNumber();
        SSL.clearError();
        if (refusal != null) {
            return refusal;
        }
        if (number == 0) {
            return "error " + error;
        }
        // error:100000c0:SSL routines:OPENSSL_internal:NO_SHARED_CIPHER
        String text = SSL.getErrorString(number);
        return text.substring(text.lastIndexOf(':') + 1)
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
