package dev.portshare.detect.openvpn;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.jspecify.annotations.Nullable;

/**
 * What OpenVPN's {@code auth} may name and tls-auth can use; found by giving each of {@code openvpn --show-digests} to OpenVPN
 * 2.6.14 with OpenSSL 3.0. Names, aliases and object identifiers are those of OpenSSL's default provider.
 */
public enum AuthDigest {
    MD5(16, "HmacMD5", "SSL3-MD5 1.2.840.113549.2.5"),
    SHA1(20, "HmacSHA1", "SHA-1 SSL3-SHA1 SHA1-2 1.3.14.3.2.26"),
    SHA224(28, "HmacSHA224", "SHA-224 SHA2-224 2.16.840.1.101.3.4.2.4"),
    SHA256(32, "HmacSHA256", "SHA-256 SHA2-256 2.16.840.1.101.3.4.2.1"),
    SHA384(48, "HmacSHA384", "SHA-384 SHA2-384 2.16.840.1.101.3.4.2.2"),
    SHA512(64, "HmacSHA512", "SHA-512 SHA2-512 2.16.840.1.101.3.4.2.3"),
    SHA512_224(28, "HmacSHA512/224", "SHA512/224 SHA-512/224 SHA2-512/224 2.16.840.1.101.3.4.2.5"),
    SHA512_256(32, "HmacSHA512/256", "SHA512/256 SHA-512/256 SHA2-512/256 2.16.840.1.101.3.4.2.6"),
    SHA3_224(28, "HmacSHA3-224", "2.16.840.1.101.3.4.2.7"),
    SHA3_256(32, "HmacSHA3-256", "2.16.840.1.101.3.4.2.8"),
    SHA3_384(48, "HmacSHA3-384", "2.16.840.1.101.3.4.2.9"),
    SHA3_512(64, "HmacSHA3-512", "2.16.840.1.101.3.4.2.10"),
    RIPEMD160(20, null, "RIPEMD RIPEMD-160 RMD160 1.3.36.3.2.1"),
    BLAKE2S256(32, null, "BLAKE2S-256 1.3.6.1.4.1.1722.12.2.2.8"),
    BLAKE2B512(64, null, "BLAKE2B-512 1.3.6.1.4.1.1722.12.2.1.16"),
    SM3(32, null, "1.2.156.10197.1.401"),
    MD5_SHA1(36, null, "MD5-SHA1");

    private final int size;
    /** The JDK's name of its HMAC; null: it has none. */
    private final @Nullable String mac;

    /** Other names of it, in upper case, with blanks between them. */
    private final String aliases;

    AuthDigest(int size, @Nullable String mac, String aliases) {
        this.size = size;
        this.mac = mac;
        this.aliases = aliases;
    }

    /**
     * The digest of that name, whose case does not matter. Older builds write {@code RSA-} in front.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static AuthDigest parse(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("RSA-") ? upper.substring("RSA-".length()) : upper;
        for (AuthDigest digest : values()) {
            if (bare.equals(digest.toString()) || digest.isAlso(bare)) {
                return digest;
            }
        }
        throw new IllegalArgumentException(
                switch (bare) {
                    case "NONE", "NULL" ->
                        "\"auth " + name + "\" signs nothing, so anybody's packet would do; give the server another";
                    case "MD4", "MDC2", "WHIRLPOOL" ->
                        "the digest \"" + name
                                + "\" is not supported, nor by OpenVPN 2.6 with OpenSSL 3; give server and"
                                + " clients another, such as SHA256";
                    default ->
                        bare.startsWith("SHAKE") || bare.startsWith("KECCAK")
                                ? "OpenVPN cannot sign with \"" + name + "\"; write what the server has behind \"auth\""
                                : "no digest \"" + name + "\"; write what the server has behind \"auth\": " + names();
                });
    }

    private boolean isAlso(String name) {
        return Arrays.asList(aliases.split(" ")).contains(name);
    }

    private static String names() {
        return Arrays.stream(values()).map(AuthDigest::toString).collect(Collectors.joining(", "));
    }

    /** In bytes; 16 at least. */
    int size() {
        return size;
    }

    /** An HMAC with that key, for one thread at a time. */
    Mac mac(byte[] key) {
        try {
            Mac made = mac == null ? DigestMac.of(digest()) : Mac.getInstance(mac);
            made.init(new SecretKeySpec(key, toString()));
            return made;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + mac, e);
        }
    }

    /** Where the JDK has none. */
    private Digest digest() {
        return switch (this) {
            case RIPEMD160 -> new RIPEMD160Digest();
            case BLAKE2S256 -> new Blake2sDigest(Byte.SIZE * size);
            case BLAKE2B512 -> new Blake2bDigest(Byte.SIZE * size);
            case SM3 -> new SM3Digest();
            case MD5_SHA1 -> new Md5Sha1Digest();
            default -> throw new IllegalStateException(toString());
        };
    }

    /** OpenVPN's name of it, in upper case. */
    @Override
    public String toString() {
        return name().replace('_', '-');
    }
}
