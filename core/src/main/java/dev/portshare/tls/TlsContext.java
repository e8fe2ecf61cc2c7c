package dev.portshare.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What many TLS connections have in common: versions, ciphers, certificates, and the keys of session tickets, which BoringSSL makes and
 * changes every other day by itself. All event loops share one. Its memory is given back once nobody refers to it, no live connection
 * either.
 */
abstract class TlsContext {
    /** Mozilla's intermediate list for TLS 1.2, without its DHE suites, which BoringSSL has not. Those of TLS 1.3 are all good. */
    private static final String CIPHERS = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
            + ":ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
            + ":ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    /** How long a peer's chain may be. */
    static final int MOST_CERTIFICATES = 10;

    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};
    private static final Cleaner CLEANER = Cleaner.create();

    private final long context;
    /** Whose handshake is being gone on with. */
    private final Map<Long, TlsEngine> shaking = new ConcurrentHashMap<>();

    private final Memory memory;

    /** What is given back. */
    private static final class Memory implements Runnable {
        private final long context;
        private long[] chains = {};
        private long[] keys = {};

        Memory(long context) {
            this.context = context;
        }

        @Override
        public void run() {
            SSLContext.free(context);
            for (int i = 0; i < chains.length; i++) {
                SSL.freeX509Chain(chains[i]);
                SSL.freePrivateKey(keys[i]);
            }
        }
    }

    /**
     * A context for servers or clients.
     *
     * @throws TlsUnavailableException where BoringSSL cannot be had
     */
    TlsContext(boolean serves) {
        if (!OpenSsl.isAvailable()) {
            Throwable cause = OpenSsl.unavailabilityCause();
            throw new TlsUnavailableException("TLS cannot be ended or begun here: " + cause, cause);
        }
        try {
            context = SSLContext.make(
                    SSL.SSL_PROTOCOL_TLSV1_2 | SSL.SSL_PROTOCOL_TLSV1_3,
                    serves ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
            SSLContext.setCipherSuite(context, CIPHERS, false);
        } catch (Exception e) {
            throw new TlsUnavailableException("BoringSSL: " + e.getMessage(), e);
        }
        memory = new Memory(context);
        CLEANER.register(this, memory);
        SSLContext.setCurvesList(context, GROUPS);
        // Else it keeps a buffer for each direction of each idle connection.
        SSLContext.setMode(
                context,
                SSLContext.getMode(context)
                        | SSL.SSL_MODE_RELEASE_BUFFERS
                        | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                        | SSL.SSL_MODE_ENABLE_PARTIAL_WRITE);
    }

    /** BoringSSL's own. */
    final long context() {
        return context;
    }

    /** Has {@code chains} and {@code keys}, of BoringSSL's, given back with this. */
    final void keep(long[] chains, long[] keys) {
        memory.chains = chains;
        memory.keys = keys;
    }

    final void shaking(long ssl, TlsEngine engine) {
        shaking.put(ssl, engine);
    }

    final void shaken(long ssl) {
        shaking.remove(ssl);
    }

    /** Whose handshake it is. */
    final @Nullable TlsEngine engine(long ssl) {
        return shaking.get(ssl);
    }

    /** {@code pem} in BoringSSL's memory; to be freed with {@link SSL#freeBIO}. */
    static long bio(String pem) throws Exception {
        byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        long bio = SSL.newMemBIO();
        SSL.bioWrite(bio, io.netty.channel.unix.Buffer.memoryAddress(direct), bytes.length);
        // What was a key is not left lying about.
        direct.put(0, new byte[bytes.length]);
        return bio;
    }
}
