package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.portshare.session.BackendState;
import dev.portshare.session.CloseReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several backends of one route: who gets a connection, and that a backend that fails costs no client anything. */
class GroupTest {
    private final List<ServerSocket> backends = new ArrayList<>();

    @BeforeEach
    void listen() throws IOException {
        for (int i = 0; i < 3; i++) {
            backends.add(Front.backend());
        }
    }

    @AfterEach
    void close() throws IOException {
        for (ServerSocket backend : backends) {
            backend.close();
        }
    }

    private String at(int index) {
        return Front.at(backends.get(index));
    }

    private Front front(String rest) throws Exception {
        return Front.routing(
                "routes: [{name: all, to: [\"%s\", \"%s\", \"%s\"]%s}]\n".formatted(at(0), at(1), at(2), rest));
    }

    /** Connects, and has {@code index} answer; the log names it. */
    private void assertServes(Front front, int index) throws Exception {
        try (Socket client = front.connect(PLAIN);
                Socket server = Front.accept(backends.get(index))) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.getOutputStream().write('a');
            assertThat(client.getInputStream().read()).isEqualTo('a');
        }
        assertThat(front.record().backend()).isEqualTo(at(index));
    }

    @Test
    void eachHasItsTurn() throws Exception {
        try (Front front = front("")) {
            for (int turn = 0; turn < 6; turn++) {
                assertServes(front, turn % 3);
            }
        }
    }

    @Test
    void oneThatRefusesIsPassedOver() throws Exception {
        String gone = at(0);
        backends.getFirst().close();
        try (Front front =
                Front.routing("routes: [{name: all, to: [\"%s\", \"%s\"], balance: first-alive, health: {retry: 1h}}]\n"
                        .formatted(gone, at(1)))) {
            for (int turn = 0; turn < 5; turn++) {
                assertServes(front, 1);
            }
        }
    }

    @Test
    void whereAllRefuseTheLastIsInTheLog() throws Exception {
        List<String> gone = List.of(at(0), at(1));
        backends.get(0).close();
        backends.get(1).close();
        try (Front front = Front.routing("routes: [{name: all, to: [\"%s\", \"%s\"], balance: first-alive}]\n"
                .formatted(gone.get(0), gone.get(1)))) {
            // Down after the third: tried all the same.
            for (int turn = 0; turn < 5; turn++) {
                try (Socket client = front.connect(PLAIN)) {
                    assertThat(front.onlyRecord(CloseReason.BACKEND_REFUSED).backend())
                            .isEqualTo(gone.get(1));
                }
            }
        }
    }

    @Test
    void oneThatIsBackIsTriedAgain() throws Exception {
        InetAddress address = backends.getFirst().getInetAddress();
        int port = backends.getFirst().getLocalPort();
        String gone = at(0);
        backends.getFirst().close();
        try (Front front = Front.routing(
                "routes: [{name: all, to: [\"%s\", \"%s\"], balance: first-alive, health: {failures: 1, retry: 50ms}}]\n"
                        .formatted(gone, at(1)))) {
            assertServes(front, 1);
            backends.set(0, new ServerSocket(port, 50, address));
            backends.getFirst().setSoTimeout(20_000);
            Thread.sleep(60);
            assertServes(front, 0);
            assertServes(front, 0);
        }
    }

    /** A full backlog answers no SYN: what accepts besides is first. */
    @Test
    void oneThatDoesNotAnswerIsOvertaken() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort());
                Front front = Front.routing(
                        "routes: [{name: all, to: [\"%s\", \"%s\"], balance: first-alive, health: {failures: 1, retry: 1h}}]\n"
                                .formatted(Front.at(full), at(1)))) {
            assertServes(front, 1);
            // Known to be down.
            assertServes(front, 1);
        }
    }

    @Test
    void theFewestConnectionsComeFirst() throws Exception {
        try (Front front = front(", balance: least-connections")) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                open.add(front.connect(PLAIN));
                open.add(Front.accept(backends.get(i)));
            }
            open.get(2).close();
            open.get(3).close();
            front.record();
            assertServes(front, 1);
            assertServes(front, 1);
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void aClientComesToTheSameBackend() throws Exception {
        try (Front front = front(", balance: source-hash")) {
            String first = served(front);
            for (int turn = 0; turn < 5; turn++) {
                assertThat(served(front)).isEqualTo(first);
            }
        }
    }

    /** The backend that the log names. */
    private static String served(Front front) throws Exception {
        try (Socket client = front.connect(PLAIN)) {
            Front.reset(client);
        }
        return front.record().backend();
    }

    @Test
    void oneThatIsDrainedGetsNothingNew() throws Exception {
        try (Front front = front("");
                Socket live = front.connect(PLAIN);
                Socket server = Front.accept(backends.getFirst())) {
            await().until(() -> front.portshare.backends("all").getFirst().live() == 1);
            assertThat(front.portshare.drain(at(0), false))
                    .isEqualTo(at(0) + " gets no new connections; 1 live one goes on");
            for (int turn = 0; turn < 4; turn++) {
                assertServes(front, 1 + (turn + 1) % 2);
            }
            assertThat(front.portshare.drain(at(1), false)).endsWith("no live connection is left");
            assertThatThrownBy(() -> front.portshare.drain(at(2), false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no other backend");
            assertThatThrownBy(() -> front.portshare.drain("127.0.0.1:1", false))
                    .hasMessageContaining("is not one of several backends of a route; those are ");
            assertThat(front.portshare.backends("all"))
                    .extracting(BackendState::drained, BackendState::takes, BackendState::live)
                    .containsExactly(tuple(true, false, 1), tuple(true, false, 0), tuple(false, true, 0));
            front.portshare.drain(at(1), true);
            server.getOutputStream().write('a');
            assertThat(live.getInputStream().read()).isEqualTo('a');
        }
    }

    /** Passive health says nothing of a backend that nobody needed; a check does, and brings it back. */
    @Test
    void aCheckTellsOfABackendThatNobodyNeeds() throws Exception {
        int port = backends.get(1).getLocalPort();
        InetAddress address = backends.get(1).getInetAddress();
        backends.get(1).close();
        try (Front front = front(", balance: first-alive, health: {check: tcp, every: 100ms, failures: 2}")) {
            await().untilAsserted(() -> assertThat(front.portshare.backends("all"))
                    .extracting(BackendState::up)
                    .containsExactly(true, false, true));
            assertThat(front.portshare.backends("all").get(1).why()).contains("check: Connection refused");
            backends.set(1, new ServerSocket(port, 50, address));
            await().untilAsserted(() -> assertThat(front.portshare.backends("all"))
                    .extracting(BackendState::up)
                    .containsExactly(true, true, true));
        }
    }

    /** What is known of a backend, and that it is drained, outlives a reload. */
    @Test
    void aReloadChangesNothing() throws Exception {
        try (Front front = front("")) {
            front.portshare.drain(at(0), false);
            front.portshare.reload(front.portshare.configuration());
            assertThat(front.portshare.backends("all"))
                    .extracting(BackendState::drained)
                    .containsExactly(true, false, false);
        }
    }
}
