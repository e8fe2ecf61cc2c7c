package dev.portshare.tls;

import dev.portshare.route.BackendTls;
import dev.portshare.route.IpLiteral;
import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import org.jspecify.annotations.Nullable;

/** Begins TLS to backends as one {@link BackendTls} says. */
public final class ClientContext extends TlsContext {
    private final String[] applicationProtocols;

    /** Where the route file has it so. */
    private static final class Anybody extends CertificateVerifier {
        @Override
        public int verify(long ssl, byte[][] chain, String exchange) {
            return X509_V_OK;
        }
    }

    /**
     * As {@code how} says.
     *
     * @param applicationProtocol the ALPN name to be offered; null: none
     * @throws TlsUnavailableException where BoringSSL refuses
     */
    public ClientContext(BackendTls how, @Nullable String applicationProtocol) {
        super(false);
        applicationProtocols = applicationProtocol == null ? new String[0] : new String[] {applicationProtocol};
        try {
            String authorities = how.authorities();
            SSLContext.setCertVerifyCallback(
                    context(), authorities == null ? new Anybody() : new Authorities(this, authorities, false));
            SSLContext.setVerify(context(), SSL.SSL_CVERIFY_REQUIRED, MOST_CERTIFICATES);
            if (applicationProtocols.length > 0) {
                SSLContext.setAlpnProtos(
                        context(), applicationProtocols, SSL.SSL_SELECTOR_FAILURE_CHOOSE_MY_LAST_PROTOCOL);
            }
        } catch (Exception e) {
            throw new TlsUnavailableException("BoringSSL: " + e.getMessage(), e);
        }
    }

    /** One end, for a backend that has to show itself as {@code name}; null: as anybody. */
    public TlsEngine engine(@Nullable String name) {
        long ssl = SSL.newSSL(context(), false);
        // RFC 6066, 3: an address is no server name.
        if (name != null && IpLiteral.parse(name) == null) {
            SSL.setTlsExtHostName(ssl, name);
        }
        return new TlsEngine(this, ssl, name);
    }
}
