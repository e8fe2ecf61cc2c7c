package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.handover.Handover;
import dev.portshare.os.FileDescriptors;
import dev.portshare.os.SocketPair;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.tls.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes that end TLS, look inside, or begin it, with Java's own TLS on the other side. */
class TlsTest {
    private static final byte[] SSH = "SSH-2.0-test\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Path CERTIFICATES = TestCertificates.file("ca.pem").getParent();

    private static final String ENDING = """
        routes:
          - name: web
            tls: {certificate: %1$s/server.pem, key: %1$s/server.key, alpn: [h2, http/1.1]}
            to: "%2$s"
        """;

    private static final String INSIDE = """
        routes:
          - name: acme
            when: {alpn: acme-tls/1}
            to: "%2$s"
          - name: outer
            tls:
              certificates:
                - {certificate: %1$s/server.pem, key: %1$s/server.key}
                - {certificate: %1$s/second.pem, key: %1$s/second.key}
              alpn: [h2, http/1.1]
            then:
              - {name: h2, when: {alpn: h2}, to: "%2$s"}
              - {name: ssh, when: {protocol: ssh, not: {sni: second.test}}, to: "%2$s"}
              - {name: web, when: {protocol: http, sni: "*.dev.test"}, to: "%2$s"}
              - {name: silent, when: {protocol: silent}, to: "%2$s"}
              - {name: rest, to: reject}
        timeouts: {silent: 200ms}
        """;

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void aRouteEndsTlsAndItsBackendMaySpeakFirst(String version) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ENDING.formatted(CERTIFICATES, Front.at(backend)))) {
            SSLSocket client = TestCertificates.client(front.connect(), version);
            offer(client, "http/1.1", "h2");
            client.startHandshake();
            assertThat(client.getApplicationProtocol()).isEqualTo("h2");
            Socket server = accept(backend);
            server.getOutputStream().write(SSH);
            assertThat(client.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
            client.getOutputStream().write(PLAIN);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
            ConnectionRecord record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.protocol()).isEqualTo("tls");
            assertThat(record.serverName()).isEqualTo("dev.test");
            assertThat(record.applicationProtocols()).containsExactly("h2");
            assertThat(record.in()).isEqualTo(PLAIN.length);
            assertThat(record.out()).isEqualTo(SSH.length);
        }
    }

    @Test
    void aClientThatOffersNothingOfTheRoutesIsToldSo() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ENDING.formatted(CERTIFICATES, Front.at(backend)))) {
            SSLSocket client = TestCertificates.client(front.connect(), null);
            offer(client, "imap");
            assertThatThrownBy(client::startHandshake).hasMessageContaining("no_application_protocol");
            assertThat(front.onlyRecord(CloseReason.TLS_HANDSHAKE).route()).isEqualTo("web");
        }
    }

    @Test
    void aClientOfAnotherProtocolIsNoneOfTheRoutes() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ENDING.formatted(CERTIFICATES, Front.at(backend)));
                Socket _ = front.connect(PLAIN)) {
            front.onlyRecord(CloseReason.NO_ROUTE);
        }
    }

    @Test
    void aHandshakeHasTheTimeOfAHead() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front =
                        Front.routing(ENDING.formatted(CERTIFICATES, Front.at(backend)) + "timeouts: {head: 300ms}")) {
            Socket client = front.connect();
            Socket[] pair = pair();
            SSLSocket tls = TestCertificates.client(pair[0], null);
            Thread.ofVirtual().start(() -> {
                try {
                    tls.startHandshake();
                } catch (IOException _) {
                    // It gets no answer.
                }
            });
            byte[] hello = new byte[10_000];
            client.getOutputStream().write(hello, 0, pair[1].getInputStream().read(hello));
            front.onlyRecord(CloseReason.TLS_HANDSHAKE);
            pair[1].close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dev.test, h2, ssh, h2, 1",
        "dev.test, http/1.1, ssh, ssh, 1",
        "a.dev.test, http/1.1, http, web, 1",
        "a.dev.test, '', http, web, 1",
        "second.test, '', ssh, rest, 2",
        "dev.test, '', http, rest, 1",
        "dev.test, '', silent, silent, 1",
        "dev.test, '', openvpn, rest, 1"
    })
    void whatIsInsideIsDecidedByTheHandshakeAndItsFirstBytes(
            String name, String protocol, String kind, String route, String certificate) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(INSIDE.formatted(CERTIFICATES, Front.at(backend)))) {
            SSLSocket client = TestCertificates.client(front.connect(), null);
            SSLParameters parameters = client.getSSLParameters();
            parameters.setServerNames(java.util.List.of(new javax.net.ssl.SNIHostName(name)));
            parameters.setEndpointIdentificationAlgorithm("");
            client.setSSLParameters(parameters);
            if (!protocol.isEmpty()) {
                offer(client, protocol);
            }
            client.startHandshake();
            X509Certificate shown = (X509Certificate) client.getSession().getPeerCertificates()[0];
            assertThat(shown.getSubjectX500Principal().getName())
                    .isEqualTo(certificate.equals("1") ? "CN=server" : "CN=second");
            byte[] head = switch (kind) {
                case "ssh" -> SSH;
                case "http" -> PLAIN;
                case "silent" -> new byte[0];
                default -> new byte[] {0, 14, 0x38, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0};
            };
            client.getOutputStream().write(head);
            if (!route.equals("rest")) {
                Socket server = accept(backend);
                assertThat(server.getInputStream().readNBytes(head.length)).isEqualTo(head);
                server.getOutputStream().write(PLAIN);
                assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                server.close();
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
            ConnectionRecord record = front.record();
            assertThat(record.route()).isEqualTo(route);
            assertThat(record.protocol()).isEqualTo(kind);
            assertThat(record.serverName()).isEqualTo(name);
        }
    }

    /** Where it goes is known with the first byte, and what it is later; what the handshake has told stays. */
    @Test
    void whatIsRecognisedLateKeepsItsServerName() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - tls: {certificate: %1$s/server.pem, key: %1$s/server.key, alpn: [h2]}
                        then: [{name: all, to: "%2$s"}]
                    """.formatted(CERTIFICATES, Front.at(backend)))) {
            SSLSocket client = TestCertificates.client(front.connect(), null);
            offer(client, "h2");
            client.startHandshake();
            client.getOutputStream().write(PLAIN, 0, 1);
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().read()).isEqualTo(PLAIN[0]);
                client.getOutputStream().write(PLAIN, 1, PLAIN.length - 1);
                server.getInputStream().readNBytes(PLAIN.length - 1);
            }
            client.close();
            ConnectionRecord record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.protocol()).isEqualTo("http");
            assertThat(record.serverName()).isEqualTo("dev.test");
            assertThat(record.applicationProtocols()).containsExactly("h2");
        }
    }

    @Test
    void anAcmeChallengePassesThrough() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(INSIDE.formatted(CERTIFICATES, Front.at(backend)))) {
            SSLSocket client = TestCertificates.client(front.connect(), null);
            offer(client, "acme-tls/1");
            Thread.ofVirtual().start(() -> {
                try {
                    client.startHandshake();
                } catch (IOException _) {
                    // Nobody answers.
                }
            });
            Socket server = accept(backend);
            assertThat(server.getInputStream().read()).isEqualTo(22);
            server.close();
            assertThat(front.record().route()).isEqualTo("acme");
        }
    }

    @Test
    void aClientsCertificateIsAFact() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - tls:
                          certificate: %1$s/server.pem
                          key: %1$s/server.key
                          client-certificates: {ca: %1$s/ca.pem, required: false}
                        then:
                          - {name: alice, when: {client-certificate: alice}, to: "%2$s"}
                          - {name: nobody, to: "%2$s"}
                    """.formatted(CERTIFICATES, Front.at(backend)))) {
            for (String who : new String[] {"client", "", "stranger"}) {
                SSLSocket client = TestCertificates.client(front.connect(), null, who);
                client.startHandshake();
                if (who.equals("stranger")) {
                    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SSLException.class);
                    assertThat(front.record().close()).isEqualTo(CloseReason.TLS_HANDSHAKE);
                } else {
                    client.getOutputStream().write(PLAIN);
                    accept(backend).close();
                    client.close();
                    assertThat(front.record().route()).isEqualTo(who.isEmpty() ? "nobody" : "alice");
                }
            }
        }
    }

    @Test
    void sessionsAreResumed() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ENDING.formatted(CERTIFICATES, Front.at(backend)))) {
            var context = TestCertificates.context("");
            java.util.Set<String> sessions = new java.util.HashSet<>();
            for (int i = 0; i < 3; i++) {
                SSLSocket client = TestCertificates.client(context, front.connect(), "TLSv1.2");
                client.startHandshake();
                sessions.add(Long.toString(client.getSession().getCreationTime()));
                Socket server = accept(backend);
                server.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
                server.close();
                client.close();
                front.record();
            }
            assertThat(sessions).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ca.pem, dev.test, true",
        "ca.pem, 127.0.0.1, true",
        "ca.pem, '', true",
        "ca.pem, other.test, false",
        "stranger.pem, dev.test, false",
        "none, other.test, true",
        "system, dev.test, false"
    })
    void aBackendIsReachedByTlsIfItIsWhomItShouldBe(String verify, String name, boolean good) throws Exception {
        String file = verify.endsWith(".pem") ? CERTIFICATES + "/" + verify : verify;
        try (ServerSocket hidden = Front.backend();
                Front inner = Front.routing(ENDING.formatted(CERTIFICATES, Front.at(hidden)));
                Front front = Front.routing("""
                    routes:
                      - name: through
                        tls: {to-backend: true, verify: %s%s}
                        to: 127.0.0.1:%d
                    """.formatted(file, name.isEmpty() ? "" : ", name: " + name, inner.port));
                Socket client = front.connect(PLAIN)) {
            if (good) {
                try (Socket server = accept(hidden)) {
                    assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                    client.shutdownOutput();
                    assertThat(server.getInputStream().read()).isEqualTo(-1);
                    server.getOutputStream().write(SSH);
                }
                assertThat(client.getInputStream().readAllBytes()).isEqualTo(SSH);
                front.onlyRecord(CloseReason.COMPLETED);
                assertThat(inner.onlyRecord(CloseReason.COMPLETED).serverName())
                        .isEqualTo(name.isEmpty() || name.equals("127.0.0.1") ? null : name);
            } else {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                front.onlyRecord(CloseReason.BACKEND_TLS);
                inner.onlyRecord(CloseReason.TLS_HANDSHAKE);
            }
        }
    }

    @Test
    void tlsIsEndedAndBegunAnewWithWhatWasChosenAndTold() throws Exception {
        try (ServerSocket hidden = Front.backend();
                Front inner = Front.serving("""
                    listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}
                    """ + ENDING.formatted(CERTIFICATES, Front.at(hidden)));
                Front front = Front.routing("""
                    routes:
                      - name: through
                        tls:
                          certificate: %1$s/second.pem
                          key: %1$s/second.key
                          alpn: [http/1.1]
                          to-backend: true
                          verify: %1$s/ca.pem
                        proxy-protocol: v2
                        to: 127.0.0.1:%2$d
                    """.formatted(CERTIFICATES, inner.port))) {
            SSLSocket client = TestCertificates.client(front.connect(), null);
            SSLParameters parameters = client.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("");
            client.setSSLParameters(parameters);
            offer(client, "http/1.1");
            int port = client.getLocalPort();
            client.startHandshake();
            Socket server = accept(hidden);
            client.getOutputStream().write(PLAIN);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
            ConnectionRecord record = inner.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.applicationProtocols()).containsExactly("http/1.1");
            assertThat(record.client().port()).isEqualTo(port);
            front.onlyRecord(CloseReason.COMPLETED);
        }
    }

    @Test
    void aBackendWithoutTlsIsRefused() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes: [{tls: {to-backend: true, verify: none}, to: "%s"}]
                    """.formatted(Front.at(backend)));
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            server.getOutputStream().write(SSH);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            front.onlyRecord(CloseReason.BACKEND_TLS);
        }
    }

    /** Nobody else has its keys. */
    @Test
    void whatIsEncryptedIsNotHandedOnAndEndsInOrder() throws Exception {
        SocketPair sockets = SocketPair.open();
        Handover handover = new Handover(sockets.one());
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - tls: {certificate: %1$s/server.pem, key: %1$s/server.key}
                        to: "%2$s"
                      - {name: plain, to: "%2$s"}
                    """.formatted(CERTIFICATES, Front.at(backend)))) {
            SSLSocket client = TestCertificates.client(front.connect(), null);
            client.startHandshake();
            try (Socket server = accept(backend);
                    Socket plain = front.connect(PLAIN);
                    Socket other = accept(backend)) {
                assertThat(other.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                CompletableFuture<Void> drained = front.portshare.handOn(handover);
                ConnectionRecord handed = front.record();
                assertThat(handed.close()).isEqualTo(CloseReason.HANDED_ON);
                assertThat(handed.route()).isEqualTo("plain");
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(server.getInputStream().read()).isEqualTo(-1);
                drained.get();
                assertThat(handover.count()).isEqualTo(1);
                assertThat(front.record().close()).isEqualTo(CloseReason.STOPPED);
                assertThat(plain.isConnected()).isTrue();
            }
        } finally {
            FileDescriptors.close(sockets.one());
            FileDescriptors.close(sockets.other());
        }
    }

    /** The bytes of a hello may come one by one, and whatever else follows. */
    @Test
    void aHelloInSegmentsOfOneByteIsOne() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ENDING.formatted(CERTIFICATES, Front.at(backend)));
                Socket far = front.connect()) {
            Socket[] pair = pair();
            SSLSocket client = TestCertificates.client(pair[0], null);
            Thread.ofVirtual().start(() -> {
                try {
                    for (int next = pair[1].getInputStream().read();
                            next >= 0;
                            next = pair[1].getInputStream().read()) {
                        far.getOutputStream().write(next);
                    }
                } catch (IOException _) {
                    // The test is over.
                }
            });
            Thread.ofVirtual().start(() -> {
                try {
                    far.getInputStream().transferTo(pair[1].getOutputStream());
                } catch (IOException _) {
                    // As above.
                }
            });
            client.startHandshake();
            client.getOutputStream().write(PLAIN);
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            }
            pair[0].close();
            pair[1].close();
        }
    }

    @Test
    void manyBytesInTinyPiecesGetThroughBothLayers() throws Exception {
        byte[] data = new byte[300_000];
        new java.util.Random(1).nextBytes(data);
        try (ServerSocket hidden = Front.backend();
                Front inner = Front.routing(ENDING.formatted(CERTIFICATES, Front.at(hidden)));
                Front front = Front.routing("""
                    routes:
                      - tls: {certificate: %1$s/server.pem, key: %1$s/server.key}
                        then:
                          - when: {protocol: ssh}
                            tls: {to-backend: true, verify: %1$s/ca.pem}
                            to: 127.0.0.1:%2$d
                    """.formatted(CERTIFICATES, inner.port))) {
            SSLSocket client = TestCertificates.client(front.connect(), null);
            client.startHandshake();
            for (byte each : SSH) {
                client.getOutputStream().write(each);
            }
            Socket server = accept(hidden);
            var up = CompletableFuture.runAsync(
                    () -> {
                        try {
                            client.getOutputStream().write(data);
                            client.shutdownOutput();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    Thread::startVirtualThread);
            InputStream in = server.getInputStream();
            assertThat(in.readNBytes(SSH.length)).isEqualTo(SSH);
            assertThat(in.readAllBytes()).isEqualTo(data);
            up.get();
            server.close();
            front.onlyRecord(CloseReason.COMPLETED);
        }
    }

    private static void offer(SSLSocket client, String... protocols) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        client.setSSLParameters(parameters);
    }

    private static Socket[] pair() throws IOException {
        try (ServerSocket between = Front.backend()) {
            return new Socket[] {new Socket("127.0.0.1", between.getLocalPort()), between.accept()};
        }
    }
}
