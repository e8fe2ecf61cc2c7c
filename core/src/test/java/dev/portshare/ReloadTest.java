package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.config.Configuration;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Sources;
import dev.portshare.detect.Corpus;
import dev.portshare.listen.ListenException;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionObserver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New rules are for those who come, and cost nobody who is there. */
class ReloadTest {
    private static final String LOOPBACK = "127.0.0.1:0";

    private static Configuration configuration(String listen, String rest) throws Exception {
        return RouteFile.parse("new.yaml", "listen: [\"%s\"]\n%s".formatted(listen, rest), Path.of("."));
    }

    private static Configuration to(ServerSocket backend, String listen) throws Exception {
        return configuration(listen, "routes: [{name: new, to: \"%s\"}]".formatted(at(backend)));
    }

    private static Socket connect(String address) throws Exception {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.connect(
                new InetSocketAddress("127.0.0.1", Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))));
        return socket;
    }

    @Test
    void newConnectionsTakeTheNewRouteAndLiveOnesKeepTheirs() throws Exception {
        try (ServerSocket before = Front.backend();
                ServerSocket after = Front.backend();
                Front front = Front.to(before);
                Socket old = front.connect(PLAIN);
                Socket oldServer = accept(before)) {
            var changes = front.portshare.reload(to(after, LOOPBACK));
            assertThat(changes.added()).isEmpty();
            assertThat(changes.removed()).isEmpty();
            try (Socket young = front.connect(PLAIN);
                    Socket youngServer = accept(after)) {
                assertThat(youngServer.getInputStream().readNBytes(PLAIN.length))
                        .isEqualTo(PLAIN);
                old.getOutputStream().write(PLAIN);
                assertThat(oldServer.getInputStream().readNBytes(2 * PLAIN.length))
                        .endsWith(PLAIN);
                old.close();
                oldServer.close();
                assertThat(front.record().route()).isEqualTo("all");
                young.shutdownOutput();
            }
            assertThat(front.record().route()).isEqualTo("new");
        }
    }

    /** Not by the new ones, which would know of its name but not of its listener, or the other way round. */
    @Test
    void aHeadThatIsBeingReadIsDecidedByTheRulesItWasAcceptedWith() throws Exception {
        byte[] hello = Corpus.bytes("tls-chromium-1.bin");
        try (ServerSocket before = Front.backend();
                ServerSocket after = Front.backend();
                Front front = Front.routing(Front.BY_NAME.formatted(Front.at(before)));
                Socket client = front.connect()) {
            client.getOutputStream().write(hello, 0, 1);
            // Connections are accepted in their order.
            try (Socket _ = front.connect(PLAIN);
                    Socket _ = accept(before)) {
                front.portshare.reload(to(after, LOOPBACK));
            }
            client.getOutputStream().write(hello, 1, hello.length - 1);
            try (Socket server = accept(before)) {
                assertThat(server.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
            }
        }
    }

    @Test
    void listenersComeAndGoAndThoseWhoCameInThereStay() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            String old = front.portshare.addresses().getFirst();
            var changes = front.portshare.reload(to(backend, "[::1]:0"));
            assertThat(changes.removed()).containsExactly(old);
            assertThat(changes.added()).isEqualTo(front.portshare.addresses()).hasSize(1);
            assertThatThrownBy(front::connect).isInstanceOf(ConnectException.class);
            server.getInputStream().readNBytes(PLAIN.length);
            server.getOutputStream().write(5);
            assertThat(client.getInputStream().read()).isEqualTo(5);

            changes = front.portshare.reload(to(backend, LOOPBACK));
            try (Socket _ = connect(changes.added().getFirst())) {
                assertThat(changes.removed()).hasSize(1);
            }
        }
    }

    @Test
    void whoWaitsInTheBacklogOfAListenerThatGoesIsServed() throws Exception {
        int clients = 40;
        CountDownLatch isBusy = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        ConnectionObserver holdsTheLoop = _ -> {
            isBusy.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        try (ServerSocket backend = Front.backend();
                Portshare portshare = Portshare.start(to(backend, LOOPBACK), 1, holdsTheLoop)) {
            String address = portshare.addresses().getFirst();
            try (Socket client = connect(address)) {
                client.getOutputStream().write(PLAIN);
                accept(backend).close();
            }
            isBusy.await();
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                waiting.add(connect(address));
                waiting.getLast().getOutputStream().write(PLAIN);
            }
            Thread reload = Thread.ofPlatform().start(() -> {
                try {
                    portshare.reload(to(backend, "[::1]:0"));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            Awaitility.await().until(() -> reload.getState() == Thread.State.WAITING);
            goesOn.countDown();
            for (int i = 0; i < clients; i++) {
                try (Socket server = accept(backend)) {
                    assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                }
            }
            for (Socket client : waiting) {
                client.close();
            }
            reload.join();
        }
    }

    @Test
    void whereAnAddressCannotBeListenedOnAllStaysAsItWas(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("in.sock");
        Path file = Files.writeString(folder.resolve("notes"), "no socket");
        try (ServerSocket before = Front.backend();
                ServerSocket after = Front.backend();
                Front front = Front.to(before)) {
            List<String> addresses = front.portshare.addresses();
            Configuration running = front.portshare.configuration();
            Configuration refused = configuration(
                    "unix:" + socket + "\", \"unix:" + file + "\", \"" + at(after),
                    "routes: [{to: \"%s\"}]".formatted(at(after)));
            assertThatThrownBy(() -> front.portshare.reload(refused))
                    .isInstanceOfSatisfying(
                            ListenException.class,
                            e -> assertThat(e.problems())
                                    .satisfiesExactly(
                                            problem -> assertThat(problem).contains(file.toString(), "no socket"),
                                            problem -> assertThat(problem).contains(at(after), "another process")));
            assertThat(socket).doesNotExist();
            assertThat(front.portshare.addresses()).isEqualTo(addresses);
            assertThat(front.portshare.configuration()).isSameAs(running);
            try (Socket _ = front.connect(PLAIN);
                    Socket server = accept(before)) {
                assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            }
        }
    }

    /** Both are listened on for a moment: nobody is refused in between. */
    @Test
    void anAddressTakesThePlaceOfOneThatItOverlaps() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            String one = "127.0.0.1:" + front.port;
            for (String listen : List.of(":" + front.port, one, "0.0.0.0:" + front.port, "localhost:" + front.port)) {
                var changes = front.portshare.reload(to(backend, listen));
                assertThat(changes.added()).hasSize(1);
                assertThat(changes.removed()).hasSize(1);
                try (Socket client = front.connect(PLAIN);
                        Socket server = accept(backend)) {
                    assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                    client.close();
                }
            }
            assertThatThrownBy(() -> Front.serving("listen: \"%s\"\nroutes: [{to: reject}]".formatted(one)))
                    .isInstanceOf(ListenException.class);
        }
    }

    /** With {@code silent: 0s} a client is known of before it speaks; without, the kernel keeps it for a second. */
    @Test
    void aListenerThatStaysDefersAsTheNewRulesHaveIt() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            front.portshare.reload(configuration(
                    LOOPBACK,
                    "routes: [{name: silent, when: {protocol: silent}, to: \"%s\"}]\ntimeouts: {silent: 0s}"
                            .formatted(at(backend))));
            // Each time would take a second; that one does not, happens on a busy machine too.
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
                long start = System.nanoTime();
                try (Socket _ = front.connect();
                        Socket _ = accept(backend)) {
                    return System.nanoTime() - start < 900_000_000;
                }
            });
        }
    }

    @Test
    void whatStopsTakesNoNewRules() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            front.portshare.drain().join();
            assertThatThrownBy(() -> front.portshare.reload(to(backend, LOOPBACK)))
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining("stopping");
        }
    }

    @Test
    void liveConnectionsKeepTheirClocks() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(
                        "routes: [{name: all, to: \"%s\"}]\ntimeouts: {idle: 300ms}".formatted(at(backend)));
                Socket client = front.connect(PLAIN);
                Socket _ = accept(backend)) {
            front.portshare.reload(to(backend, LOOPBACK));
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            front.onlyRecord(CloseReason.IDLE);
        }
    }

    /** Writes down what it is asked to do. */
    private static final class Participant implements ReloadParticipant {
        final List<String> steps = new ArrayList<>();
        boolean refuses;

        @Override
        public Step prepare(Configuration configuration) throws IOException {
            if (refuses) {
                throw new IOException("no such folder");
            }
            steps.add("prepare");
            return new Step() {
                @Override
                public void commit() {
                    steps.add("commit");
                }

                @Override
                public void undo() {
                    steps.add("undo");
                }
            };
        }
    }

    @Test
    void whatReloadsBesidesDoesSoWithTheRulesOrNotAtAll(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("routes.yaml");
        Participant participant = new Participant();
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            Reloading reloading = new Reloading(front.portshare, file, new Sources(), participant, ReloadObserver.NONE);
            Files.writeString(file, "listen: 127.0.0.1:0\nroutes: [{to: reject}]\n");
            assertThat(reloading.reload()).isInstanceOf(Reload.Done.class);
            Files.writeString(file, "listen: [127.0.0.1:0, \"%s\"]\nroutes: [{to: reject}]\n".formatted(at(backend)));
            assertThat(reloading.reload()).isInstanceOf(Reload.Refused.class);
            Files.writeString(file, "listen: 443\n");
            assertThat(reloading.reload()).isInstanceOf(Reload.Refused.class);
            assertThat(participant.steps).containsExactly("prepare", "commit", "prepare", "undo");
            participant.refuses = true;
            Configuration inForce = front.portshare.configuration();
            Files.writeString(file, "listen: 127.0.0.1:0\nroutes: [{to: reject}]\n");
            assertThat(reloading.reload()).isEqualTo(new Reload.Refused(List.of("no such folder")));
            assertThat(front.portshare.configuration()).isSameAs(inForce);
        }
    }
}
