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
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
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
        return Path.of(Objects.requireNonNull(TestCertificates.class.getResource(name), name).getPath());
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
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            try (InputStream in = TestCertificates.class.getResourceAsStream("ca.pem")) {
                store.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(socket, "dev.test", 443, true);
            SSLParameters parameters = client.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            client.setSSLParameters(parameters);
            if (version != null) {
                client.setEnabledProtocols(new String[] {version});
            }
            return client;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
