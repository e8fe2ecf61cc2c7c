package dev.portshare.tls;

import dev.portshare.route.Termination;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Ends TLS as one {@link Termination} says. */
public final class ServerContext extends TlsContext {
    private final Termination termination;
    private final long[] chains;
    private final long[] keys;

    /**
     * As {@code termination} says.
     *
     * @throws TlsUnavailableException where BoringSSL refuses, which {@code termination} was read not to cause
     */
    public ServerContext(Termination termination) {
        super(true);
        this.termination = termination;
        int count = termination.identities().size();
        chains = new long[count];
        keys = new long[count];
        keep(chains, keys);
        try {
            for (int i = 0; i < count; i++) {
                chains[i] = chain(termination.identities().get(i).chain());
                keys[i] = key(termination.identities().get(i).key());
            }
            if (!termination.applicationProtocols().isEmpty()) {
                SSLContext.setAlpnProtos(
                        context(),
                        termination.applicationProtocols().toArray(String[]::new),
                        SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
            }
            Termination.ClientAuthorities clients = termination.clients();
            if (clients != null) {
                ask(clients);
            }
        } catch (Exception e) {
            throw new TlsUnavailableException("BoringSSL: " + e.getMessage(), e);
        }
    }

    private void ask(Termination.ClientAuthorities clients) throws Exception {
        SSLContext.setCertVerifyCallback(context(), new Authorities(this, clients.certificates(), true));
        SSLContext.setVerify(
                context(), clients.required() ? SSL.SSL_CVERIFY_REQUIRED : SSL.SSL_CVERIFY_OPTIONAL, MOST_CERTIFICATES);
        long names = bio(clients.certificates());
        SSLContext.setCACertificateBio(context(), names);
        SSL.freeBIO(names);
        // Else no session of a client with a certificate can be resumed.
        SSLContext.setSessionIdContext(
                context(),
                MessageDigest.getInstance("SHA-256")
                        .digest(clients.certificates().getBytes(StandardCharsets.US_ASCII)));
    }

    private static long chain(String pem) throws Exception {
        long bio = bio(pem);
        try {
            return SSL.parseX509Chain(bio);
        } finally {
            SSL.freeBIO(bio);
        }
    }

    private static long key(String pem) throws Exception {
        long bio = bio(pem);
        try {
            return SSL.parsePrivateKey(bio, null);
        } finally {
            SSL.freeBIO(bio);
        }
    }

    /** What it does. */
    public Termination termination() {
        return termination;
    }

    /** One end, for a client that asks for {@code server}. */
    public TlsEngine engine(@Nullable String server) {
        long ssl = SSL.newSSL(context(), true);
        int place = termination.identity(server);
        try {
            SSL.setKeyMaterial(ssl, chains[place], keys[place]);
        } catch (Exception e) {
            SSL.freeSSL(ssl);
            throw new TlsUnavailableException("BoringSSL: " + e.getMessage(), e);
        }
        return new TlsEngine(this, ssl, null);
    }
}
