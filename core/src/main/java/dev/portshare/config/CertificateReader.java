package dev.portshare.config;

import dev.portshare.route.CertificateNames;
import dev.portshare.route.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys of TLS.
 *
 * @param directory what relative paths start from
 * @param sources   gets each file that is read
 * @param findings  gets what is no error
 */
record CertificateReader(Path directory, Sources sources, List<Finding> findings) {
    private static final int LEAST_RSA_BITS = 2048;
    /** What keys sign with; others no client of TLS takes. */
    private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

    private static final List<String> BUNDLES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem");

    /** Null: a problem. */
    @Nullable
    Identity identity(YamlValue certificate, YamlValue key) {
        Path chainFile = file(certificate);
        Path keyFile = file(key);
        if (chainFile == null || keyFile == null) {
            return null;
        }
        List<X509Certificate> chain = read(certificate, chainFile, Pem::certificates);
        if (chain == null) {
            return null;
        }
        X509Certificate own = chain.getFirst();
        if (!isStrong(certificate, chainFile, own.getPublicKey())) {
            return null;
        }
        PrivateKey secret = read(key, keyFile, text -> Pem.key(text, own));
        if (secret == null) {
            return null;
        }
        if (!belong(secret, own.getPublicKey())) {
            key.problem(keyFile + ": the key is not that of the certificate in " + chainFile
                    + ", the first if there are more; write the one that the certificate was made for");
            return null;
        }
        watchTheClock(certificate, chainFile, own);
        watchTheMode(key, keyFile);
        return new Identity(Pem.of(chain), Pem.of(secret), CertificateNames.servers(own));
    }

    /** The authorities in a file, as PEM; null: a problem. */
    @Nullable
    String authorities(YamlValue value) {
        Path file = file(value);
        List<X509Certificate> read = file == null ? null : read(value, file, Pem::certificates);
        return read == null ? null : Pem.of(read);
    }

    /** Those that this machine believes; null: a problem. */
    static @Nullable String systemAuthorities(YamlValue value) {
        for (String bundle : BUNDLES) {
            Path file = Path.of(bundle);
            if (Files.isReadable(file)) {
                try {
                    return Pem.of(Pem.certificates(TextFile.read(file)));
                } catch (IOException | IllegalArgumentException e) {
                    value.problem(file + ": " + e.getMessage());
                    return null;
                }
            }
        }
        value.problem("this machine has no list of authorities; install the package ca-certificates,"
                + " or write verify: FILE with the authority of the backend's certificate");
        return null;
    }

    private @Nullable Path file(YamlValue value) {
        String word = value.word("a file");
        return word == null ? null : directory.resolve(word).normalize();
    }

    private <T> @Nullable T read(YamlValue value, Path file, Function<String, T> parse) {
        try {
            return parse.apply(sources.read(file));
        } catch (TextFile.NotTextException e) {
            value.problem(file + ": is no PEM file; convert it: openssl x509 -inform der, or openssl pkcs12 -nodes");
        } catch (IOException e) {
            value.problem("cannot read " + file + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            value.problem(file + ": " + e.getMessage());
        }
        return null;
    }

    private static boolean isStrong(YamlValue value, Path file, PublicKey key) {
        if (!SIGNATURES.containsKey(key.getAlgorithm())) {
            value.problem(file + ": has a key for " + key.getAlgorithm() + "; write a certificate for RSA or ECDSA");
            return false;
        }
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            value.problem(file + ": has an RSA key of " + rsa.getModulus().bitLength()
                    + " bits, which clients refuse; write a certificate of at least " + LEAST_RSA_BITS);
            return false;
        }
        return true;
    }

    /** Whether the one verifies what the other signs. */
    private static boolean belong(PrivateKey key, PublicKey certified) {
        try {
            Signature signature = Signature.getInstance(SIGNATURES.get(certified.getAlgorithm()));
            byte[] text = {1};
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void watchTheClock(YamlValue value, Path file, X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException e) {
            warn(value, file + ": has expired on " + day(certificate.getNotAfter()) + "; clients refuse it, renew it");
        } catch (CertificateNotYetValidException e) {
            warn(value, file + ": is not good before " + day(certificate.getNotBefore()) + "; is the clock right?");
        }
    }

    private static String day(java.util.Date date) {
        return date.toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    private void watchTheMode(YamlValue value, Path file) {
        if (SecretFile.isOpenToAll(file)) {
            warn(value, file + ": has a private key in it and is readable by everybody; chmod o= " + file);
        }
    }

    private void warn(YamlValue value, String text) {
        findings.add(new Finding(Severity.WARNING, value.path(), text));
    }
}
