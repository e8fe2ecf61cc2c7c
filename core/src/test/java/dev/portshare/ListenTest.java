package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.listen.ListenException;
import dev.portshare.session.CloseReason;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where it listens, and how it stops. */
class ListenTest {
    private static final String ALL = "routes: [{name: all, to: \"%s\"}]\n";

    @Test
    void aPortAloneTakesBothFamiliesAndShowsIpv4ClientsAsSuch() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("listen: 0\n" + ALL.formatted(Front.at(backend)))) {
            for (String address : new String[] {"127.0.0.1", "::1"}) {
                try (Socket client = front.connect(address)) {
                    client.getOutputStream().write(PLAIN);
                    accept(backend).close();
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                    client.close();
                    var record = front.record();
                    assertThat(record.client())
                            .hasToString((address.contains(":") ? "[::1]:" : "127.0.0.1:") + client.getLocalPort());
                    assertThat(record.local())
                            .hasToString((address.contains(":") ? "[::1]:" : "127.0.0.1:") + front.port);
                }
            }
        }
    }

    @Test
    void anExplicitIpv6WildcardLeavesThePortToIpv4() throws Exception {
        try (Front ipv4 = Front.serving("listen: \"0.0.0.0:0\"\n" + ALL.formatted("127.0.0.1:1"));
                Front ipv6 =
                        Front.serving("listen: \"[::]:%d\"\n".formatted(ipv4.port) + ALL.formatted("127.0.0.1:1"))) {
            assertThat(ipv6.port).isEqualTo(ipv4.port);
        }
    }

    @Test
    void aUnixSocketIsListenedOnAndRemovedAtTheEnd(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("in.sock");
        try (ServerSocket backend = Front.backend()) {
            for (int i = 0; i < 2; i++) {
                try (Front front = Front.serving(
                                "listen: \"unix:%s\"\n".formatted(path) + ALL.formatted(Front.at(backend)));
                        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                    client.write(ByteBuffer.wrap(PLAIN));
                    try (Socket server = accept(backend)) {
                        assertThat(server.getInputStream().readNBytes(PLAIN.length))
                                .isEqualTo(PLAIN);
                    }
                    client.close();
                    assertThat(front.record().client()).isNull();
                }
                assertThat(path).doesNotExist();
            }
        }
    }

    @Test
    void aFileInTheWayOfAUnixSocketIsLeftAlone(@TempDir Path folder) throws Exception {
        Path path = Files.writeString(folder.resolve("notes"), "keep me");
        assertThatThrownBy(() -> Front.serving("listen: \"unix:%s\"\n".formatted(path) + ALL.formatted("127.0.0.1:1")))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("no socket");
        assertThat(path).hasContent("keep me");
    }

    @Test
    void aPortInUseIsSaidSo() throws Exception {
        try (ServerSocket taken = Front.backend()) {
            assertThatThrownBy(() -> Front.serving("listen: \"127.0.0.1:%d\"\n".formatted(taken.getLocalPort())
                            + ALL.formatted("127.0.0.1:1")))
                    .isInstanceOf(ListenException.class)
                    .hasMessage(
                            "cannot listen on 127.0.0.1:%d: another process listens there already; \"ss -ltnp\" names"
                                            .formatted(taken.getLocalPort())
                                    + " it. Stop it, or choose another address.");
        }
    }

    @Test
    void rejectClosesAndNoRouteToo() throws Exception {
        try (Front front = Front.routing(
                "routes: [{name: no, when: {protocol: tls}, to: reject}, {name: vpn, when: {protocol: openvpn}, to:"
                        + " \"127.0.0.1:1\"}]")) {
            try (Socket client = front.connect(dev.portshare.detect.Corpus.bytes("tls-chromium-1.bin"))) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(front.onlyRecord(CloseReason.REJECTED).route()).isEqualTo("no");
            }
            try (Socket client = front.connect(PLAIN)) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(front.onlyRecord(CloseReason.NO_ROUTE).route()).isNull();
            }
        }
    }

    @Test
    void drainingLetsLiveConnectionsEndAndTakesNoNewOnes() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            var drained = front.portshare.drain();
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(front::connect).isInstanceOf(ConnectException.class));
            assertThat(drained).isNotDone();
            server.getInputStream().readNBytes(PLAIN.length);
            server.getOutputStream().write(5);
            assertThat(client.getInputStream().read()).isEqualTo(5);
            server.close();
            client.close();
            drained.get(20, TimeUnit.SECONDS);
            front.onlyRecord(CloseReason.COMPLETED);
        }
    }

    @Test
    void whatIsLeftWhenTheDrainTimeIsOverIsClosed() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ALL.formatted(Front.at(backend)) + "timeouts: {drain: 100ms}");
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            front.portshare.drain().get(20, TimeUnit.SECONDS);
            front.portshare.close();
            front.portshare.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            front.onlyRecord(CloseReason.STOPPED);
        }
    }
}
