package dev.portshare.config;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as files have them (RFC 7468): base64 between two lines that say of what. */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Pem() {}

    /**
     * The certificates in {@code text}, in their order; at least one.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Matcher block = BLOCK.matcher(text); block.find(); ) {
                if (block.group(1).equals(CERTIFICATE) || block.group(1).equals("TRUSTED CERTIFICATE")) {
                    certificates.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(decoded(block.group(2)))));
                }
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate in it cannot be read: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    text.contains(PRIVATE_KEY + "-----")
                            ? "has a key in it and no certificate; write the certificate's file here, and this one"
                                    + " under key"
                            : "has no certificate in it; write a PEM file, which begins with"
                                    + " -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    /**
     * The private key in {@code text}, which must be that of {@code certificate}: PKCS #8, or what OpenSSL wrote before.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static PrivateKey key(String text, X509Certificate certificate) {
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            String label = block.group(1);
            if (label.equals("ENCRYPTED " + PRIVATE_KEY)) {
                throw encrypted();
            }
            if (label.endsWith(PRIVATE_KEY)) {
                return key(label, decoded(block.group(2)), certificate.getPublicKey());
            }
        }
        if (text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw encrypted();
        }
        throw new IllegalArgumentException(
                "has no private key in it; write a PEM file, which begins with -----BEGIN PRIVATE KEY-----");
    }

    private static IllegalArgumentException encrypted() {
        return new IllegalArgumentException("the key is encrypted, and nobody is there to be asked for the passphrase;"
                + " write a file that \"openssl pkey -in ENCRYPTED -out FILE\" made, mode 600");
    }

    private static PrivateKey key(String label, byte[] der, PublicKey publicKey) {
        String algorithm = publicKey.getAlgorithm();
        try {
            byte[] pkcs8 = der;
            if (!label.equals(PRIVATE_KEY)) {
                if (!label.equals(algorithm + " " + PRIVATE_KEY)) {
                    throw new IllegalArgumentException("is " + label + ", and the certificate's is " + algorithm
                            + "; write the certificate's key");
                }
                pkcs8 = wrapped(der, publicKey.getEncoded());
            }
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the key is not the certificate's, or cannot be read; write the key that the certificate was made"
                            + " for",
                    e);
        }
    }

    /** PKCS #8 (RFC 5208) around an older form, with the algorithm of the public key (RFC 5280, 4.1). */
    private static byte[] wrapped(byte[] key, byte[] publicKey) {
        int start = 2 + (publicKey[1] < 0 ? publicKey[1] & 0x7F : 0);
        int length = 2 + publicKey[start + 1];
        byte[] algorithm = new byte[length];
        System.arraycopy(publicKey, start, algorithm, 0, length);
        return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        // Any length may be written in two bytes of BER, and Java's decoder takes it only where it must be: DER's own
        // form.
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        byte[] element = new byte[head.length + length];
        System.arraycopy(head, 0, element, 0, head.length);
        int at = head.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, element, at, part.length);
            at += part.length;
        }
        return element;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is damaged: no base64 between its lines of dashes", e);
        }
    }

    static String of(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(block(CERTIFICATE, certificate.getEncoded()));
            }
        } catch (CertificateException e) {
            throw new IllegalStateException("it was read from that", e);
        }
        return text.toString();
    }

    static String of(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
