package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.detect.openvpn.AuthDigest;
import dev.portshare.detect.openvpn.KeyDirection;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.detect.openvpn.PeerKey;
import dev.portshare.detect.openvpn.Recorded;
import dev.portshare.detect.openvpn.StaticKey;
import dev.portshare.detect.openvpn.TlsAuthKey;
import dev.portshare.detect.openvpn.TlsCryptKey;
import dev.portshare.detect.openvpn.TlsCryptV2Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of an OpenVPN server's configuration; each form was given to OpenVPN 2.6.14 as well. */
class OpenVpnServerTest {
    private static final String TEXT = Recorded.keyText("ta.key");
    private static final String SERVER_TEXT = Recorded.keyText("v2-server.key");
    private static final StaticKey KEY = StaticKey.parse(TEXT);
    private static final TlsCryptKey TLS_CRYPT = TlsCryptKey.of(KEY);
    private static final TlsCryptV2Key TLS_CRYPT_V2 = TlsCryptV2Key.parse(SERVER_TEXT);

    @TempDir
    private Path folder;

    private final Sources sources = new Sources();

    @BeforeEach
    void writeKeys() throws IOException {
        write("ta.key", TEXT);
        write("v2.key", SERVER_TEXT);
        write("with blank.key", TEXT);
        write("sub/ta.key", TEXT);
        write("wrong.key", Recorded.keyText("wrong-ta.key"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private List<OpenVpnKey> keys(String text) throws Exception {
        return OpenVpnServer.keys(write("server.conf", text), sources).keys();
    }

    private static TlsAuthKey tlsAuth(AuthDigest digest, KeyDirection direction) {
        return TlsAuthKey.of(KEY, digest, direction);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tls-auth ta.key                                 | SHA1   | NONE
        tls-auth ta.key 0                               | SHA1   | ZERO
        tls-auth ta.key 1                               | SHA1   | ONE
        tls-auth ta.key 0\\nauth SHA256                  | SHA256 | ZERO
        auth sha512\\ntls-auth ta.key\\nkey-direction 0   | SHA512 | ZERO
        key-direction 1\\ntls-auth ta.key 0              | SHA1   | ZERO
        tls-auth ta.key 0\\nkey-direction 1              | SHA1   | ONE
        tls-auth wrong.key 1\\ntls-auth ta.key           | SHA1   | ONE
        auth SHA512\\nauth SHA256\\ntls-auth ta.key       | SHA256 | NONE
        auth none\\nauth SHA256\\ntls-auth ta.key         | SHA256 | NONE
        --tls-auth ta.key 0 # ours\\r\\n;tls-crypt x      | SHA1   | ZERO
        \\ttls-auth  "ta.key" '0';x                      | SHA1   | ZERO
        tls-auth "with blank.key" 0                     | SHA1   | ZERO
        tls-auth with\\\\ blank.key 0                     | SHA1   | ZERO
        setenv opt tls-auth ta.key 0                    | SHA1   | ZERO
        cd sub\\ntls-auth ta.key                         | SHA1   | NONE
        tls-auth ta.key\\ncd sub\\ncd ..                  | SHA1   | NONE
        push "tls-crypt x"\\ntls-auth ta.key             | SHA1   | NONE
        """)
    void tlsAuthIsRead(String text, AuthDigest digest, KeyDirection direction) throws Exception {
        assertThat(keys(text.translateEscapes())).containsExactly(tlsAuth(digest, direction));
    }

    @Test
    void keysInTheConfigurationItselfAreRead() throws Exception {
        assertThat(keys("<tls-auth>\n" + TEXT + "</tls-auth>\nkey-direction 0\n"))
                .containsExactly(tlsAuth(AuthDigest.SHA1, KeyDirection.ZERO));
        assertThat(keys("\ufefftls-auth [inline] 0\n<tls-auth>\n" + TEXT + "  </tls-auth>\n"))
                .containsExactly(tlsAuth(AuthDigest.SHA1, KeyDirection.ZERO));
        assertThat(keys("<tls-crypt>\r\n" + TEXT.replace("\n", "\r\n") + "</tls-crypt>\r\n"))
                .containsExactly(TLS_CRYPT);
        assertThat(keys("<ca>\ntls-auth x\n'\n</ca>\n<tls-crypt-v2>\n" + SERVER_TEXT + "</tls-crypt-v2>\n"))
                .containsExactly(TLS_CRYPT_V2);
        assertThat(keys("auth SHA256\n<secret>\n" + TEXT + "</secret>\n"))
                .containsExactly(PeerKey.of(KEY, AuthDigest.SHA256, KeyDirection.NONE));
    }

    @Test
    void twoKeysAtOnceAreBothRead() throws Exception {
        assertThat(keys("tls-crypt ta.key\ntls-crypt-v2 v2.key force-cookie\nauth none\n"))
                .containsExactly(TLS_CRYPT, TLS_CRYPT_V2);
        assertThat(keys("tls-auth ta.key 0\ntls-crypt-v2 v2.key\n"))
                .containsExactly(tlsAuth(AuthDigest.SHA1, KeyDirection.ZERO), TLS_CRYPT_V2);
        assertThat(keys("secret ta.key 1\n")).containsExactly(PeerKey.of(KEY, AuthDigest.SHA1, KeyDirection.ONE));
    }

    @Test
    void aFileThatItNamesIsReadAndWatched() throws Exception {
        Path more = write("sub/more.conf", "auth SHA384\ntls-auth ta.key\n");
        assertThat(keys("key-direction 0\nconfig sub/more.conf\n"))
                .containsExactly(tlsAuth(AuthDigest.SHA384, KeyDirection.ZERO));
        assertThat(keys("cd sub\nconfig more.conf\n")).containsExactly(tlsAuth(AuthDigest.SHA384, KeyDirection.NONE));
        assertThat(sources.paths())
                .contains(folder.resolve("server.conf"), more, folder.resolve("ta.key"), folder.resolve("sub/ta.key"));
        assertThat(sources.haveChanged()).isFalse();
        write("sub/ta.key", "");
        assertThat(sources.haveChanged()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        port 1194\\n                          | server.conf: neither tls-crypt, tls-crypt-v2, tls-auth nor secret in it: this server has no key
        client\\ntls-crypt ta.key             | server.conf:1:1: "client": this is a client's configuration; name the server's
        dev tun\\nproto tcp4-client           | server.conf:2:1: "proto tcp4-client": this is a client's configuration
        tls-auth ta.key 0\\nauth none         | server.conf:2:1: "auth none" signs nothing, so anybody's packet would do
        auth whirlpool\\nsecret ta.key        | server.conf:1:1: the digest "whirlpool" is not supported
        \\ntls-auth                           | server.conf:2:1: "tls-auth" has no value
        tls-auth ta.key 2                    | server.conf:1:1: no key direction "2"; write the server's, 0 or 1
        tls-crypt none.key                   | server.conf:1:1: FOLDER/none.key: no such file
        tls-crypt v2.key                     | server.conf:1:1: FOLDER/v2.key: this is a server's tls-crypt-v2 key; name it under tls-crypt-v2
        tls-crypt [inline]                   | server.conf:1:1: FOLDER/[inline]: no such file
        <tls-crypt>\\nx\\n                     | server.conf:1:1: <tls-crypt> has no end; write </tls-crypt> behind it
        \\n<tls-crypt>\\nx\\n</tls-crypt>       | server.conf:2:1: <tls-crypt>: no line begins with "-----BEGIN OpenVPN Static key V1-----"
        tls-crypt "ta.key                    | server.conf:1:1: the quotation has no end; write " behind it
        dh C:\\\\dh.pem\\ntls-auth ta.key    | server.conf:1:1: OpenVPN takes a backslash in front of a backslash, a double quote or a blank alone
        config none.conf                     | server.conf:1:1: FOLDER/none.conf: no such file
        config server.conf                   | server.conf:1:1: more than 10 files, each named by the one before
        """)
    void whatIsWrongIsToldWhereItStands(String text, String message) {
        assertThatThrownBy(() -> keys(text.translateEscapes()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(folder + "/" + message.replace("FOLDER", folder.toString()));
    }

    @Test
    void commentsMayBeLong() throws Exception {
        write("server.conf", "# more of it\n".repeat(100_000) + "tls-crypt ta.key\n");
        assertThat(OpenVpnServer.keys(folder.resolve("server.conf"), sources).keys())
                .hasSize(1);
    }

    @Test
    void aKeyThatStandsAloneIsNoConfiguration() throws Exception {
        for (String text : List.of(TEXT, "# mine\n\n" + TEXT, Recorded.keyText("v2-server.key"))) {
            write("server.conf", text);
            assertThatThrownBy(() -> OpenVpnServer.keys(folder.resolve("server.conf"), sources))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("this is a key, and no server's configuration");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--"})
    void aKeyThatEverybodyCanReadIsWarnedOf(String mode) throws Exception {
        Path file = Files.setPosixFilePermissions(folder.resolve("ta.key"), PosixFilePermissions.fromString(mode));
        Path server = write("server.conf", "tls-crypt ta.key\ntls-crypt-v2 v2.key\n");
        String warning = file + ": has an OpenVPN key in it and is readable by everybody; chmod o= " + file;
        assertThat(OpenVpnServer.keys(server, sources).warnings()).containsExactly(warning);
        assertThat(KeyFiles.read(file, "tls-crypt", AuthDigest.SHA1, KeyDirection.NONE, sources)
                        .warnings())
                .containsExactly(warning);
        Path inline = write("inline.conf", "<tls-crypt>\n" + TEXT + "</tls-crypt>\n");
        Files.setPosixFilePermissions(inline, PosixFilePermissions.fromString(mode));
        assertThat(OpenVpnServer.keys(inline, sources).warnings())
                .singleElement()
                .asString()
                .startsWith(inline + ": has an OpenVPN key");
    }

    @Test
    void aKeyFileIsReadByItsMode() throws Exception {
        assertThat(read("ta.key", "tls-auth")).containsExactly(tlsAuth(AuthDigest.SHA256, KeyDirection.ZERO));
        assertThat(read("ta.key", "secret")).containsExactly(PeerKey.of(KEY, AuthDigest.SHA256, KeyDirection.ZERO));
        assertThat(read("ta.key", "tls-crypt")).containsExactly(TLS_CRYPT);
        assertThat(read("v2.key", "tls-crypt-v2")).containsExactly(TLS_CRYPT_V2);
        assertThatThrownBy(() -> read("ta.key", "tls-crypt-v2"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(folder + "/ta.key: this is an OpenVPN static key; name it under tls-auth");
        assertThatThrownBy(() -> read("none", "tls-auth")).hasMessage(folder + "/none: no such file");
    }

    @Test
    void aCheckOfPeersThatAnswerNothingIsRefused() throws Exception {
        String yaml = """
            listen: 443
            routes:
              - when: {openvpn-key: {%s: ta.key}}
                to: 127.0.0.1:1194
                health: {check: openvpn}
            """;
        RouteFile.parse("r.yaml", yaml.formatted("tls-crypt"), folder);
        assertThatThrownBy(() -> RouteFile.parse("r.yaml", yaml.formatted("secret"), folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("routes[0].health: two peers with a static key (secret) answer no first packet");
    }

    private List<OpenVpnKey> read(String file, String mode) throws Exception {
        return KeyFiles.read(folder.resolve(file), mode, AuthDigest.SHA256, KeyDirection.ZERO, sources)
                .keys();
    }
}
