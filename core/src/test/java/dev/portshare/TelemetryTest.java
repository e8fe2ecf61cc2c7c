package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.LiveConnection;
import dev.portshare.telemetry.Closes;
import dev.portshare.telemetry.Totals;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is counted while connections live, and when they have ended. */
class TelemetryTest {
    private static final String ROUTES = """
        routes:
          - {name: none, when: {protocol: openvpn}, to: reject}
          - {name: all, to: "%s"}
        """;
    private static final byte[] OPENVPN = {0, 14, 0x38, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0};

    @Test
    void whatWasAcceptedHasEndedOrLives() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTES.formatted(at(backend)))) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(front.connect(i % 4 == 0 ? OPENVPN : PLAIN));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(front.record().close()).isEqualTo(CloseReason.REJECTED);
            }
            await().until(() -> totals(front).active("all") == 30);
            for (int i = 1; i < 8; i++) {
                clients.get(i).close();
                Totals totals = totals(front);
                assertThat(totals.accepted()).isEqualTo(40).isEqualTo(totals.closed() + totals.active());
            }
            Totals totals = totals(front);
            assertThat(totals.closed(CloseReason.REJECTED)).isEqualTo(10).isEqualTo(totals.refused());
            assertThat(Objects.requireNonNull(totals.ended("none")).byProtocol())
                    .isEqualTo(Map.of("openvpn", Map.of(CloseReason.REJECTED, 10L)));
            assertThat(totals.undecided()).isZero();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void bytesCountWhileTheConnectionLives() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            try (Socket client = front.connect(PLAIN);
                    Socket server = accept(backend)) {
                server.getOutputStream().write(server.getInputStream().readNBytes(PLAIN.length));
                client.getInputStream().readNBytes(PLAIN.length);
                Totals totals = totals(front);
                assertThat(totals.in()).isEqualTo(PLAIN.length).isEqualTo(totals.out());
                assertThat(live(front)).singleElement().satisfies(connection -> {
                    assertThat(connection.route()).isEqualTo("all");
                    assertThat(connection.backend()).isEqualTo(at(backend));
                    assertThat(connection.connected()).isTrue();
                    assertThat(connection.in()).isEqualTo(PLAIN.length);
                    assertThat(connection.nanos()).isPositive();
                });
            }
            ConnectionRecord record = front.record();
            Totals totals = totals(front);
            assertThat(totals.in()).isEqualTo(record.in());
            assertThat(live(front)).isEmpty();
            Closes closes = Objects.requireNonNull(totals.ended("all"));
            assertThat(closes.connect().count()).isEqualTo(1);
            assertThat(closes.connect().seconds()).isEqualTo(record.connectNanos() / 1e9);
        }
    }

    @Test
    void anUndecidedConnectionIsLiveWithoutARoute() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing((Front.BY_NAME + "timeouts: {silent: 0s}").formatted(at(backend)));
                Socket client = front.connect(new byte[] {0x16})) {
            await().until(() -> totals(front).undecided() == 1);
            assertThat(live(front).getFirst().route()).isNull();
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aConnectionIsKilledByItsNumberAndNoOther() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket other = front.connect(PLAIN)) {
            await().until(() -> totals(front).active() == 2);
            long id = live(front).getFirst().id();
            assertThat(front.portshare.telemetry().kill(id + 1000).get()).isFalse();
            assertThat(front.portshare.telemetry().kill(id).get()).isTrue();
            ConnectionRecord record = front.onlyRecord(CloseReason.KILLED);
            assertThat(record.id()).isEqualTo(id);
            assertThat(Objects.requireNonNull(record.client()).port())
                    .isIn(client.getLocalPort(), other.getLocalPort());
        }
    }

    private static Totals totals(Front front) throws Exception {
        return front.portshare.telemetry().totals().get();
    }

    private static List<LiveConnection> live(Front front) throws Exception {
        List<LiveConnection> live = new ArrayList<>();
        front.portshare
                .telemetry()
                .eachLive(session -> live.add(session.live()))
                .get();
        return live;
    }
}
