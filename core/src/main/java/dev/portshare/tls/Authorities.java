package dev.portshare.tls;

import dev.portshare.route.CertificateNames;
import io.netty.internal.tcnative.CertificateVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed; the JDK verifies them, and BoringSSL asks it to. */
final class Authorities extends CertificateVerifier {
    /** Any exchange of keys: TLS 1.3 does not tell by the certificate. */
    private static final String ANY_EXCHANGE = "UNKNOWN";

    private final TlsContext context;
    private final X509TrustManager manager;
    private final boolean ofClients;

    /** Those in {@code pem}, who vouch for clients or for servers. */
    Authorities(TlsContext context, String pem, boolean ofClients) throws GeneralSecurityException, IOException {
        this.context = context;
        this.ofClients = ofClients;
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(pem)) {
            store.setCertificateEntry(Integer.toString(number++), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        manager = manager(factory.getTrustManagers());
    }

    private static X509TrustManager manager(TrustManager[] managers) {
        for (TrustManager each : managers) {
            if (each instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new IllegalStateException("PKIX is X.509");
    }

    static List<? extends Certificate> certificates(String pem) throws CertificateException {
        return List.copyOf(CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    }

    static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** Called by BoringSSL during a handshake, on the event loop; nothing may be thrown at it. */
    @Override
    public int verify(long ssl, byte[][] chain, String exchange) {
        TlsEngine engine = context.engine(ssl);
        try {
            X509Certificate[] certificates = new X509Certificate[chain.length];
            for (int i = 0; i < chain.length; i++) {
                certificates[i] = certificate(chain[i]);
            }
            if (ofClients) {
                manager.checkClientTrusted(certificates, ANY_EXCHANGE);
            } else {
                manager.checkServerTrusted(certificates, ANY_EXCHANGE);
                String name = engine == null ? null : engine.peerName();
                List<String> names = CertificateNames.servers(certificates[0]);
                if (name == null || !CertificateNames.match(names, name)) {
                    return refuse(
                            engine,
                            "the certificate is for " + (names.isEmpty() ? "no server" : String.join(", ", names))
                                    + ", not for " + name,
                            X509_V_ERR_HOSTNAME_MISMATCH);
                }
            }
            return X509_V_OK;
        } catch (CertificateException | RuntimeException e) {
            return refuse(engine, "the certificate is not good: " + reason(e), code(e));
        }
    }

    private static int refuse(@Nullable TlsEngine engine, String reason, int code) {
        if (engine != null) {
            engine.refuse(reason);
        }
        return code;
    }

    /** What it comes from says more than what it is. */
    private static String reason(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static int code(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return X509_V_ERR_CERT_HAS_EXPIRED;
            }
            if (cause instanceof CertificateNotYetValidException) {
                return X509_V_ERR_CERT_NOT_YET_VALID;
            }
        }
        return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    }
}
