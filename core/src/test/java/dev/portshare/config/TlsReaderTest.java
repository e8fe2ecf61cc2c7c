package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.route.BackendTls;
import dev.portshare.route.Route;
import dev.portshare.route.Termination;
import dev.portshare.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a route file says of TLS, and what is wrong with it and the files that it names. */
class TlsReaderTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        for (String name : new String[] {"server", "second", "client", "stranger"}) {
            write(name + ".pem", TestCertificates.pem(name + ".pem"));
            write(name + ".key", TestCertificates.pem(name + ".key"));
        }
        write("ca.pem", TestCertificates.pem("ca.pem"));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Configuration read(String route) throws ConfigurationException {
        return RouteFile.parse("f.yaml", "listen: 443\nroutes:\n  - " + route + "\n", folder);
    }

    @Test
    void everyKeyIsRead() throws ConfigurationException {
        Configuration configuration = read("""
            name: all
                tls:
                  certificates: [{certificate: server.pem, key: server.key}, {certificate: ./second.pem, key: second.key}]
                  alpn: [h2, http/1.1]
                  client-certificates: {ca: ca.pem, required: false}
                then:
                  - {when: {client-certificate: [alice@dev.test, "Alice B", "*.x.test"], alpn: h2, not: {sni: dev.test}}, to: 127.0.0.1:1}
                  - {name: out, tls: {to-backend: true, verify: ca.pem, name: dev.test}, to: "unix:/x"}
                  - {when: {protocol: ssh, not: {from: 10.0.0.0/8}}, tls: {to-backend: true, verify: none}, to: 127.0.0.1:1}
            """);
        assertThat(configuration.findings()).isEmpty();
        Route route = configuration.routes().getFirst();
        assertThat(route.when().protocols()).containsExactly("tls");
        Termination ending = route.ending();
        assertThat(ending).isNotNull();
        assertThat(ending.identities())
                .extracting(identity -> identity.names().getFirst())
                .containsExactly("dev.test", "second.test");
        assertThat(ending.applicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(ending.clients())
                .isEqualTo(new Termination.ClientAuthorities(
                        Pem.of(Pem.certificates(TestCertificates.pem("ca.pem"))), false));
        assertThat(configuration.allRoutes())
                .extracting(Route::name)
                .containsExactly("all", "routes[0].then[0]", "out", "routes[0].then[2]");
        assertThat(configuration.allRoutes().get(2).beginning())
                .isEqualTo(new BackendTls(Pem.of(Pem.certificates(TestCertificates.pem("ca.pem"))), "dev.test"));
        assertThat(configuration.allRoutes().get(3).beginning()).isEqualTo(new BackendTls(null, null));
    }

    @Test
    void nothingOfAKeyIsShown() throws ConfigurationException {
        Configuration configuration = read("{tls: {certificate: server.pem, key: server.key}, to: 127.0.0.1:1}");
        assertThat(configuration.routes().toString()).doesNotContain("PRIVATE");
    }

    static Stream<Arguments> problems() {
        String end = "certificate: server.pem, key: server.key";
        return Stream.of(
                Arguments.of(
                        "{tls: {certificate: none.pem, key: server.key}, to: 127.0.0.1:1}",
                        "f.yaml:3:25: routes[0].tls.certificate: cannot read ",
                        "none.pem: no such file"),
                Arguments.of(
                        "{tls: {certificate: server.key, key: server.key}, to: 127.0.0.1:1}",
                        "has a key in it and no certificate; write the certificate's file here",
                        ""),
                Arguments.of(
                        "{tls: {certificate: server.pem, key: server.pem}, to: 127.0.0.1:1}",
                        "routes[0].tls.key: ",
                        "has no private key in it; write a PEM file"),
                Arguments.of(
                        "{tls: {certificate: server.pem, key: second.key}, to: 127.0.0.1:1}",
                        "second.key: the key is not that of the certificate in ",
                        "server.pem"),
                Arguments.of(
                        "{tls: {certificate: server.pem, key: stranger.key}, to: 127.0.0.1:1}",
                        "stranger.key: the key is not the certificate's",
                        ""),
                Arguments.of(
                        "{tls: {certificate: server.pem, key: encrypted.key}, to: 127.0.0.1:1}",
                        "encrypted.key: the key is encrypted",
                        "openssl pkey -in"),
                Arguments.of(
                        "{tls: {certificate: der.pem, key: server.key}, to: 127.0.0.1:1}",
                        "der.pem: is no PEM file; convert it: openssl x509 -inform der",
                        ""),
                Arguments.of("{tls: {certificate: server.pem}, to: 127.0.0.1:1}", "no \"key\"; write the PEM file", ""),
                Arguments.of("{tls: {key: server.key}, to: 127.0.0.1:1}", "no \"certificate\"; write the PEM file", ""),
                Arguments.of("{tls: {}, to: 127.0.0.1:1}", "says nothing; write certificate and key", ""),
                Arguments.of("{tls: {" + end + "}, to: reject}", "a connection that is rejected needs no TLS", ""),
                Arguments.of(
                        "{tls: {" + end + "}, when: {protocol: ssh}, to: 127.0.0.1:1}",
                        "only clients of TLS have TLS to be ended; write a route of its own for ssh",
                        ""),
                Arguments.of("{tls: {to-backend: true}, to: \"unix:/x\"}", "write name: NAME, or verify: none", ""),
                Arguments.of(
                        "{tls: {to-backend: true, alpn: h2}, to: 127.0.0.1:1}", "clients' TLS is not ended here", ""),
                Arguments.of(
                        "{tls: {" + end + ", verify: none}, to: 127.0.0.1:1}", "the backend is not reached by TLS", ""),
                Arguments.of(
                        "{tls: {" + end + "}, then: [{to: reject}], to: 127.0.0.1:1}",
                        "where there is \"then\", this stands in the routes under it",
                        ""),
                Arguments.of("{then: [{to: reject}]}", "nobody can look inside of TLS that is not ended", ""),
                Arguments.of(
                        "{tls: {" + end + "}, then: [{tls: {" + end + "}, to: 127.0.0.1:1}]}",
                        "TLS within TLS is not ended",
                        ""),
                Arguments.of("{tls: {" + end + "}, then: [{then: [], to: 127.0.0.1:1}]}", "unknown key", ""),
                Arguments.of(
                        "{tls: {" + end + "}, then: [{when: {client-certificate: a}, to: 127.0.0.1:1}]}",
                        "no client is asked for a certificate",
                        ""),
                Arguments.of(
                        "{tls: {" + end + "}, then: [{when: {alpn: h2}, to: 127.0.0.1:1}]}",
                        "\"h2\" is never chosen; write it into tls: {alpn: [...]} above too",
                        ""),
                Arguments.of(
                        "{tls: {" + end + "}, then: [{when: {not: {sni: a.test, protocol: ssh}}, to: 127.0.0.1:1}]}",
                        "asks for what the handshake tells and for what the bytes do",
                        ""),
                Arguments.of(
                        "{when: {client-certificate: a}, to: 127.0.0.1:1}",
                        "unknown key; write it under \"then\"",
                        ""));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void whatIsWrongHasAPlaceAndARemedy(String route, String message, String more) throws Exception {
        write("encrypted.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Files.write(folder.resolve("der.pem"), new byte[] {0x30, (byte) 0x82, (byte) 0xff});
        assertThatThrownBy(() -> read(route))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .anySatisfy(problem -> assertThat(problem.toString())
                                        .contains(message)
                                        .contains(more)));
    }

    @Test
    void aKeyThatEverybodyCanReadIsWarnedOf() throws Exception {
        Files.setPosixFilePermissions(folder.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
        Configuration configuration = read("{tls: {certificate: server.pem, key: server.key}, to: 127.0.0.1:1}");
        assertThat(configuration.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.message()).contains("readable by everybody; chmod o= ");
        });
    }

    @Test
    void anExpiredCertificateIsWarnedOf() throws Exception {
        write("server.pem", TestCertificates.pem("expired.pem"));
        write("server.key", TestCertificates.pem("expired.key"));
        Configuration configuration = read("{tls: {certificate: server.pem, key: server.key}, to: 127.0.0.1:1}");
        assertThat(configuration.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("has expired on 2001-01-01"));
    }

    /** What OpenSSL wrote before there was PKCS #8. */
    @ParameterizedTest
    @CsvSource({"rsa-old.key, stranger.pem, stranger.key", "ec-old.key, server.pem, server.key"})
    void olderFormsOfKeysAreRead(String old, String certificate, String key) throws Exception {
        write(old, TestCertificates.pem(old));
        Configuration before = read("{tls: {certificate: " + certificate + ", key: " + key + "}, to: 127.0.0.1:1}");
        Configuration after = read("{tls: {certificate: " + certificate + ", key: " + old + "}, to: 127.0.0.1:1}");
        assertThat(before.routes().getFirst().ending()).isNotNull();
        assertThat(after.routes().getFirst().ending().identities()).hasSize(1);
    }

    @Test
    void theFilesAreWatched() throws Exception {
        Path file = Files.writeString(
                folder.resolve("f.yaml"),
                "listen: 443\nroutes: [{tls: {certificate: server.pem, key: server.key}, to: 127.0.0.1:1}]\n");
        Sources sources = new Sources();
        RouteFile.read(file, sources);
        assertThat(sources.paths()).contains(file, folder.resolve("server.pem"), folder.resolve("server.key"));
    }
}
