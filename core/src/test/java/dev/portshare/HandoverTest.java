package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portshare.detect.proxy.Headers;
import dev.portshare.detect.tls.Hellos;
import dev.portshare.handover.Handover;
import dev.portshare.os.SocketPair;
import dev.portshare.session.CloseReason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A live connection goes on in the process that follows as if nothing had been, wherever it stands. */
class HandoverTest {
    private static final int MANY = 20_000_000;

    private final byte[] data = new byte[MANY];

    HandoverTest() {
        new Random(1).nextBytes(data);
    }

    /** One goes, the other takes over what it had. */
    private static void handOn(Front before, Front after) throws Exception {
        SocketPair pair = SocketPair.open();
        Handover handover = new Handover(pair.one());
        before.portshare.handOn(handover).join();
        assertThat(after.portshare.takeOver(pair.other())).isEqualTo(handover.count());
    }

    @Test
    void bytesGoOnBothWaysAndTheLineAtTheEndTellsOfTheWholeConnection() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front before = Front.to(backend);
                Front after = Front.to(backend);
                Socket client = before.connect(PLAIN);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            handOn(before, after);
            var first = before.onlyRecord(CloseReason.HANDED_ON);
            assertThat(first.in()).isEqualTo(PLAIN.length);
            client.getOutputStream().write(PLAIN);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.getOutputStream().write(PLAIN);
            server.close();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            client.close();
            var last = after.onlyRecord(CloseReason.COMPLETED);
            assertThat(last.in()).isEqualTo(2 * PLAIN.length);
            assertThat(last.out()).isEqualTo(PLAIN.length);
            assertThat(last.client()).isEqualTo(first.client());
            assertThat(last.local()).isEqualTo(first.local());
            assertThat(last.protocol()).isEqualTo(first.protocol());
            assertThat(last.route()).isEqualTo("all");
            assertThat(last.backend()).isEqualTo(first.backend());
            assertThat(last.headNanos()).isEqualTo(first.headNanos());
            assertThat(last.connectNanos()).isEqualTo(first.connectNanos());
            assertThat(last.nanos()).isGreaterThan(first.nanos());
        }
    }

    @Test
    void whoHasKnockedNeedNotKnockAgain() throws Exception {
        try (ServerSocket ssh = Front.backend();
                ServerSocket web = Front.backend()) {
            String yaml = """
                routes:
                  - {name: ssh, when: {protocol: ssh}, to: "%s"}
                  - {name: web, to: "%s"}
                gate:
                  - {sni: knock-5f2c.dev.test, opens: ssh, for: 10m}
                  - {sni: other-5f2c.dev.test, opens: ssh, for: 10m}
                """.formatted(Front.at(ssh), Front.at(web));
            try (Front before = Front.routing(yaml);
                    Front after = Front.routing(yaml.replace("other", "third"));
                    Socket knock = before.connect(Hellos.head("knock-5f2c.dev.test"));
                    Socket atWeb = accept(web);
                    Socket other = before.connect(Hellos.head("other-5f2c.dev.test"));
                    Socket alsoAtWeb = accept(web)) {
                handOn(before, after);
                try (Socket client = after.connect(Headers.ascii("SSH-2.0-x\r\n"));
                        Socket server = accept(ssh)) {
                    assertThat(server.getInputStream().read()).isEqualTo('S');
                    assertThat(after.portshare.gates().values()).containsExactly(1);
                }
            }
        }
    }

    /** Whose it is goes along: the header where it has come, and otherwise that it is due. */
    @Test
    void aConnectionBehindAProxyStaysItsClientsWhereverItsHeaderStands() throws Exception {
        byte[] header = Headers.ipv4(Headers.tlv(2, Headers.ascii("www.example.org")));
        byte[] all = Headers.concat(header, PLAIN);
        try (ServerSocket backend = Front.backend()) {
            String yaml = """
                listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}
                routes: [{name: office, when: {from: 192.0.2.0/24}, to: "%s"}, {name: rest, to: reject}]
                """.formatted(Front.at(backend));
            for (int cut : new int[] {1, header.length - 1, header.length, header.length + 1, all.length}) {
                try (Front before = Front.serving(yaml);
                        Front after = Front.serving(yaml);
                        Socket client = before.connect(Arrays.copyOf(all, cut))) {
                    await().until(() -> before.portshare
                                    .loops()
                                    .getFirst()
                                    .submit(() ->
                                            before.portshare.loops().getFirst().live())
                                    .get()
                            == 1);
                    handOn(before, after);
                    client.getOutputStream().write(all, cut, all.length - cut);
                    try (Socket server = accept(backend)) {
                        assertThat(server.getInputStream().readNBytes(PLAIN.length))
                                .isEqualTo(PLAIN);
                    }
                    client.close();
                    var record = after.record();
                    assertThat(record.client()).as("cut at %d", cut).hasToString("192.0.2.7:51234");
                    assertThat(record.local()).hasToString("203.0.113.5:443");
                    assertThat(record.route()).isEqualTo("office");
                }
            }
        }
    }

    /** With slow readers bytes wait in pipes, or beside them, and the senders are held up. */
    @Test
    void whatWaitsForSlowReadersArrivesWholeThroughSeveralProcesses() throws Exception {
        int part = MANY / 20;
        try (ServerSocket backend = Front.backend();
                Front first = Front.to(backend);
                Socket client = first.connect(PLAIN);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            Thread down = sending(server, data);
            Thread up = sending(client, data);
            Front front = first;
            for (int from = 0; from < 6 * part; from += part) {
                byte[] expected = Arrays.copyOfRange(data, from, from + part);
                assertThat(client.getInputStream().readNBytes(part)).isEqualTo(expected);
                assertThat(server.getInputStream().readNBytes(part)).isEqualTo(expected);
                Front next = Front.to(backend);
                handOn(front, next);
                front.onlyRecord(CloseReason.HANDED_ON);
                front.close();
                front = next;
            }
            byte[] rest = Arrays.copyOfRange(data, 6 * part, MANY);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(rest);
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(rest);
            down.join();
            up.join();
            var record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.in()).isEqualTo(PLAIN.length + MANY);
            assertThat(record.out()).isEqualTo(MANY);
            front.close();
        }
    }

    @Test
    void aDirectionThatHasEndedStaysEndedAndTheOtherGoesOn() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front before = Front.to(backend);
                Front after = Front.to(backend);
                Socket client = before.connect(PLAIN);
                Socket server = accept(backend)) {
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            handOn(before, after);
            Thread down = sending(server, data);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(data);
            down.join();
            assertThat(after.onlyRecord(CloseReason.COMPLETED).out()).isEqualTo(MANY);
        }
    }

    @Test
    void anEndThatComesOnTheWayIsSeenBehindTheLastByte() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front before = Front.to(backend);
                Front after = Front.to(backend);
                Socket client = before.connect(PLAIN);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            SocketPair pair = SocketPair.open();
            before.portshare.handOn(new Handover(pair.one())).join();
            client.getOutputStream().write(PLAIN);
            client.shutdownOutput();
            server.getOutputStream().write(PLAIN);
            server.shutdownOutput();
            assertThat(after.portshare.takeOver(pair.other())).isEqualTo(1);
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            after.onlyRecord(CloseReason.COMPLETED);
        }
    }

    @Test
    void aResetThatComesOnTheWayIsPassedOn() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front before = Front.to(backend);
                Front after = Front.to(backend);
                Socket client = before.connect(PLAIN);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            SocketPair pair = SocketPair.open();
            before.portshare.handOn(new Handover(pair.one())).join();
            Front.reset(client);
            assertThat(after.portshare.takeOver(pair.other())).isEqualTo(1);
            assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
            after.onlyRecord(CloseReason.CLIENT_RESET);
        }
    }

    /** Each byte of a head may be the last that the first process saw. */
    @Test
    void aHeadThatIsHalfReadIsDecidedByTheNextProcess() throws Exception {
        byte[] head = Hellos.head("www.dev.test");
        for (int cut = 1; cut < head.length; cut += 7) {
            try (ServerSocket backend = Front.backend();
                    Front before = Front.routing(Front.BY_NAME.formatted(Front.at(backend)));
                    Front after = Front.routing(
                            "routes: [{name: tls, when: {protocol: tls}, to: \"%s\"}]".formatted(Front.at(backend)));
                    Socket client = before.connect()) {
                client.getOutputStream().write(head, 0, cut);
                await().until(() -> before.portshare.telemetry().totals().join().active() == 1);
                handOn(before, after);
                client.getOutputStream().write(head, cut, head.length - cut);
                try (Socket server = accept(backend)) {
                    assertThat(server.getInputStream().readNBytes(head.length)).isEqualTo(head);
                    client.close();
                }
                assertThat(after.record().route()).isEqualTo("tls");
            }
        }
    }

    @Test
    void manyGoInSeveralMessages() throws Exception {
        int count = 500;
        try (ServerSocket backend = Front.backend();
                Front before = Front.to(backend);
                Front after = Front.to(backend)) {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    Socket client = before.connect(PLAIN);
                    sockets.add(client);
                    Socket server = accept(backend);
                    sockets.add(server);
                    server.getInputStream().readNBytes(PLAIN.length);
                }
                handOn(before, after);
                for (int i = 0; i < count; i++) {
                    sockets.get(2 * i).getOutputStream().write(new byte[] {(byte) i});
                    assertThat(sockets.get(2 * i + 1).getInputStream().read()).isEqualTo(i & 255);
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    private static Thread sending(Socket to, byte[] data) {
        return Thread.ofVirtual().start(() -> {
            try {
                OutputStream out = to.getOutputStream();
                out.write(data);
                to.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
