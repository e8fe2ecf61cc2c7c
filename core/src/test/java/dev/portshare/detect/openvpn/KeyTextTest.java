package dev.portshare.detect.openvpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key files as OpenVPN reads them, and others. */
class KeyTextTest {
    private static final String STATIC = Recorded.keyText("ta.key");
    private static final String SERVER = Recorded.keyText("v2-server.key");
    private static final String CLIENT = Recorded.resource("v2-client.key");
    private static final OpenVpnKey KEY = TlsCryptKey.of(StaticKey.parse(STATIC));

    @Test
    void whatStandsAroundAStaticKeyDoesNotCount() {
        for (String text : List.of(
                "junk\n" + STATIC + "more\n",
                STATIC.replace("\n", "\r\n"),
                STATIC.toUpperCase(Locale.ROOT)
                        .replace("STATIC KEY", "Static key")
                        .replace("OPENVPN", "OpenVPN"),
                STATIC.replace("V1-----", "V1----- of the server"),
                STATIC.replace("-----END", "a0b1\n-----END"), // beyond 256 bytes
                STATIC.replace("-----END", "-- and so\n-----END"),
                STATIC.replace("4761d181", "47 61\td1\n\n81"))) {
            assertThat(TlsCryptKey.of(StaticKey.parse(text))).as(text).isEqualTo(KEY);
        }
    }

    @Test
    void whatStandsAroundAServersKeyDoesNotCount() {
        for (String text : List.of("# ours\n" + SERVER + "\n" + CLIENT, SERVER.replace("\n", "\r\n"))) {
            assertThat(TlsCryptV2Key.parse(text)).isEqualTo(TlsCryptV2Key.parse(SERVER));
        }
    }

    @Test
    void whatIsNoStaticKeyIsRefusedWithARemedy() {
        refused(
                StaticKey::parse,
                "",
                "nothing in it; it should have the line \"-----BEGIN OpenVPN Static key V1-----\"");
        refused(StaticKey::parse, "\n \n", "nothing in it");
        refused(
                StaticKey::parse,
                "hello",
                "no line begins with \"-----BEGIN OpenVPN Static key V1-----\"; name the file");
        refused(StaticKey::parse, "x" + STATIC.substring(STATIC.indexOf("-----")), "no line begins with");
        refused(StaticKey::parse, SERVER, "this is a server's tls-crypt-v2 key; name it under tls-crypt-v2");
        refused(StaticKey::parse, CLIENT, "this is a client's tls-crypt-v2 key; name the server's");
        refused(StaticKey::parse, "-----BEGIN CERTIFICATE-----\nMIIB\n", "this is a certificate; name the file of");
        refused(StaticKey::parse, "-----BEGIN EC PRIVATE KEY-----\nMIIB\n", "this is the private key of a certificate");
        refused(StaticKey::parse, STATIC.replaceFirst("4761d18[^\\n]*\n", ""), "an OpenVPN static key of 240 bytes");
        refused(
                StaticKey::parse,
                STATIC.replaceFirst("(?s)-----END.*", ""),
                "the OpenVPN static key does not end with");
        refused(
                StaticKey::parse,
                STATIC.replace("-----END OpenVPN", "-----END"),
                "the OpenVPN static key does not end");
        refused(
                StaticKey::parse,
                STATIC.replace("4761d1", "4761xx"),
                "line 5 of the OpenVPN static key has something else");
        refused(
                StaticKey::parse,
                STATIC.replace("4761d1", "#4761d1"),
                "line 5 of the OpenVPN static key has something");
        refused(StaticKey::parse, STATIC.replace("4761d1", "4761\u0661d1"), "line 5 of the OpenVPN static key has");
    }

    @Test
    void whatIsNoServersKeyIsRefusedWithARemedy() {
        refused(TlsCryptV2Key::parse, "", "nothing in it; it should have the line");
        refused(
                TlsCryptV2Key::parse,
                STATIC,
                "this is an OpenVPN static key; name it under tls-auth, tls-crypt or secret");
        refused(TlsCryptV2Key::parse, CLIENT, "this is a client's tls-crypt-v2 key; name the server's");
        refused(TlsCryptV2Key::parse, CLIENT + SERVER, "this is a client's tls-crypt-v2 key; name the server's");
        refused(
                TlsCryptV2Key::parse,
                SERVER.replaceFirst("(?s)-----END.*", ""),
                "the tls-crypt-v2 key does not end with");
        refused(
                TlsCryptV2Key::parse,
                SERVER.replace("ZDKo", ""),
                "a tls-crypt-v2 key of 125 bytes; a server's has 128");
        refused(TlsCryptV2Key::parse, SERVER.replace("ZDKo", "ZD*o"), "the tls-crypt-v2 key is not whole base64");
        refused(TlsCryptV2Key::parse, SERVER.replace("ZDKo", "Z"), "the tls-crypt-v2 key is not whole base64");
    }

    /** And nothing of the key is said. */
    private static void refused(Function<String, ?> parser, String text, String message) {
        assertThatThrownBy(() -> parser.apply(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("4761")
                .doesNotContain("xx")
                .doesNotContain("*");
    }

    @ParameterizedTest
    @CsvSource({
        "sha256, SHA256",
        "Sha-256, SHA256",
        "SHA2-256, SHA256",
        "RSA-SHA256, SHA256",
        "2.16.840.1.101.3.4.2.1, SHA256",
        "SHA512-256, SHA512_256",
        "SHA512/256, SHA512_256",
        "RSA-SHA512/224, SHA512_224",
        "rmd160, RIPEMD160",
        "BLAKE2b512, BLAKE2B512",
        "BLAKE2s-256, BLAKE2S256",
        "ssl3-md5, MD5",
        "md5-sha1, MD5_SHA1",
        "sm3, SM3",
    })
    void digestsHaveTheNamesThatOpenSslKnows(String name, AuthDigest digest) {
        assertThat(AuthDigest.parse(name)).isEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        none      | "auth none" signs nothing, so anybody's packet would do; give the server another
        NULL      | "auth NULL" signs nothing, so anybody's packet would do; give the server another
        whirlpool | the digest "whirlpool" is not supported, nor by OpenVPN 2.6 with OpenSSL 3;
        RSA-MD4   | the digest "RSA-MD4" is not supported, nor by OpenVPN 2.6 with OpenSSL 3;
        SHAKE256  | OpenVPN cannot sign with "SHAKE256"; write what the server has behind "auth"
        KECCAK-KMAC-128 | OpenVPN cannot sign with "KECCAK-KMAC-128"; write what
        SHA255    | no digest "SHA255"; write what the server has behind "auth": MD5, SHA1, SHA224, SHA256,
        ''        | no digest ""; write
        RSA-      | no digest "RSA-"; write
        """)
    void otherDigestsAreRefusedWithARemedy(String name, String message) {
        assertThatThrownBy(() -> AuthDigest.parse(name)).hasMessageStartingWith(message);
    }

    @Test
    void aDirectionIs0Or1() {
        assertThat(KeyDirection.parse("0")).isEqualTo(KeyDirection.ZERO);
        assertThat(KeyDirection.parse("1")).isEqualTo(KeyDirection.ONE);
        assertThatThrownBy(() -> KeyDirection.parse("bidirectional"))
                .hasMessage("no key direction \"bidirectional\"; write the server's, 0 or 1, or leave it out where the"
                        + " server has none");
    }
}
