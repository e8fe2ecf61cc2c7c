package dev.portshare.cli.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A key and a certificate of its own (RFC 5280), made in memory. The JDK reads certificates but writes none, and a library
 * that does is larger than all of portshare.
 */
record SelfSigned(PrivateKey key, X509Certificate certificate) {
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = HexFormat.of().parseHex("0603551d11");

    /**
     * Valid from a day ago for a week.
     *
     * @param names DNS names and IP addresses
     * @throws GeneralSecurityException where this Java lacks P-256 or ECDSA
     */
    static SelfSigned create(List<String> names, Clock clock) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();

        byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
        byte[] body = body(names, clock.instant(), algorithm, keys.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(body);
        byte[] certificate = der(SEQUENCE, body, algorithm, der(BIT_STRING, new byte[1], signature.sign()));
        return new SelfSigned(keys.getPrivate(), (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate)));
    }

    private static byte[] body(List<String> names, Instant now, byte[] algorithm, byte[] publicKey) {
        byte[] commonName = der(UTF8_STRING, "portshare demo".getBytes(StandardCharsets.UTF_8));
        byte[] issuer = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, commonName)));
        byte[] serial =
                new BigInteger(63, new SecureRandom()).add(BigInteger.ONE).toByteArray();
        byte[] alternativeNames =
                der(SEQUENCE, names.stream().map(SelfSigned::generalName).toArray(byte[][]::new));
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, serial),
                algorithm,
                issuer,
                der(SEQUENCE, time(now.minus(Duration.ofDays(1))), time(now.plus(Duration.ofDays(6)))),
                issuer,
                publicKey,
                der(
                        EXTENSIONS,
                        der(SEQUENCE, der(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, der(OCTET_STRING, alternativeNames)))));
    }

    private static byte[] generalName(String name) {
        boolean isAddress = name.contains(":") || IPV4.matcher(name).matches();
        return isAddress
                ? der(IP_ADDRESS, InetAddress.ofLiteral(name).getAddress())
                : der(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] time(Instant instant) {
        return der(UTC, UTC_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    /** Tag, length, value (X.690, 8.1). */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            value.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = value.size();
        if (length >= 0x100) {
            element.write(0x82);
            element.write(length >> 8);
        } else if (length >= 0x80) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(value.toByteArray());
        return element.toByteArray();
    }
}
