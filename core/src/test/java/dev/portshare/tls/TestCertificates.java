package dev.portshare.tls;

import dev.portshare.route.BackendTls;
import dev.portshare.route.Identity;
import dev.portshare.route.Termination;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificates for a hundred years: {@code ca.pem} has signed those of {@code server} (dev.test, *.dev.test, 127.0.0.1), {@code second}
 * (second.test) and {@code client} (alice); {@code stranger} signed itself.
 */
public final class TestCertificates {
    private TestCertificates() {}

    /** The text of {@code name}, a PEM file. */
    public static String pem(String name) {
        try (InputStream in = Objects.requireNonNull(TestCertificates.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where {@code name} lies. */
    public static Path file(String name) {
        return Path.of(Objects.requireNonNull(TestCertificates.class.getResource(name), name)
                .getPath());
    }

    /** That of {@code name}, for {@code servers}. */
    public static Identity identity(String name, String... servers) {
        return new Identity(pem(name + ".pem"), pem(name + ".key"), List.of(servers));
    }

    /** {@code server}'s, for every client. */
    public static Termination termination(String... alpn) {
        return new Termination(List.of(identity("server", "dev.test", "*.dev.test", "127.0.0.1")), List.of(alpn), null);
    }

    /** What believes the authority. */
    public static BackendTls verifying() {
        return new BackendTls(pem("ca.pem"), null);
    }

    /** A client of Java's own over {@code socket}, which believes the authority; it has shaken no hands yet. */
    public static SSLSocket client(Socket socket, @Nullable String version) throws IOException {
        return client(context(""), socket, version);
    }

    /** As {@link #client(Socket, String)}, with the certificate of {@code who}; empty: with none. */
    public static SSLSocket client(Socket socket, @Nullable String version, String who) throws IOException {
        return client(context(who), socket, version);
    }

    /** As {@link #client(Socket, String)}, with the sessions of {@code context}. */
    public static SSLSocket client(SSLContext context, Socket socket, @Nullable String version) throws IOException {
        SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(socket, "dev.test", 443, true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        if (version != null) {
            client.setEnabledProtocols(new String[] {version});
        }
        return client;
    }

    /** What believes the authority, and shows the certificate of {@code who}; empty: none. */
    public static SSLContext context(String who) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", certificate("ca.pem"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(who.isEmpty() ? null : new KeyManager[] {new Showing(who)}, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
        try (InputStream in = TestCertificates.class.getResourceAsStream(name)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** Shows one certificate, whoever the server says that it believes. */
    private static final class Showing extends X509ExtendedKeyManager {
        private final X509Certificate certificate;
        private final PrivateKey key;

        Showing(String who) throws IOException, GeneralSecurityException {
            certificate = certificate(who + ".pem");
            String base64 = pem(who + ".key").replaceAll("-----.*-----|\\s", "");
            key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            for (String type : types) {
                if (type.equals(key.getAlgorithm())) {
                    return "one";
                }
            }
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"one"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
