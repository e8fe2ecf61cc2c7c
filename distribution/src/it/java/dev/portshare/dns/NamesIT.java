package dev.portshare.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.NameServer;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real name server, a hosts file and a resolv.conf say. */
@Needs("dnsmasq")
class NamesIT {
    private static final Duration TTL = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private final AtomicInteger changes = new AtomicInteger();
    private int port;
    private Path hosts;
    private Path conf;
    private Names names;

    @BeforeEach
    void start() throws Exception {
        port = Sockets.freePort();
        hosts = Files.writeString(folder.resolve("hosts"), "");
        conf = Files.writeString(
                folder.resolve("resolv.conf"), "nameserver 127.0.0.1\nsearch lan.test\noptions timeout:1 attempts:1\n");
        names = new Names(hosts, conf, Map.of(), port, changes::incrementAndGet);
    }

    @AfterEach
    void stop() {
        names.close();
    }

    private NameServer server(String address, String records, String... options) throws Exception {
        return new NameServer(List.of(), folder, address, port, records, options);
    }

    /** What is asked on the thread of {@link #names}. */
    private <T> Answer<T> on(Supplier<CompletionStage<Answer<T>>> question) throws Exception {
        CompletableFuture<CompletionStage<Answer<T>>> asked = new CompletableFuture<>();
        names.after(Duration.ZERO, () -> asked.complete(question.get()));
        return asked.thenCompose(stage -> stage).get(Portshare.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Answer<InetAddress> addresses(String host, InetAddress... known) throws Exception {
        return on(() -> names.addresses(host, List.of(known)));
    }

    private static Answer<InetAddress> answer(Duration ttl, String... addresses) {
        return new Answer<>(
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList(), ttl);
    }

    @Test
    void bothFamiliesWithTheirTime() throws Exception {
        try (NameServer _ = server("127.0.0.1", "127.0.0.5 web.test\n::1 web.test\n")) {
            assertThat(addresses("web.test")).isEqualTo(answer(TTL, "::1", "127.0.0.5"));
        }
    }

    @Test
    void anAliasHoldsNoLongerThanItsOwnTime() throws Exception {
        try (NameServer _ =
                server("127.0.0.1", "", "--host-record=web.test,127.0.0.5,600", "--cname=www.test,web.test,7")) {
            assertThat(addresses("web.test")).isEqualTo(answer(Duration.ofSeconds(600), "127.0.0.5"));
            assertThat(addresses("www.test")).isEqualTo(answer(Duration.ofSeconds(7), "127.0.0.5"));
        }
    }

    @Test
    void servicesWithPriorityAndWeight() throws Exception {
        try (NameServer _ = server(
                "127.0.0.1",
                "",
                "--srv-host=_https._tcp.web.test,a.web.test,8443,10,5",
                "--srv-host=_https._tcp.web.test,b.web.test,443,20,0",
                "--srv-host=_imap._tcp.web.test")) {
            assertThat(on(() -> names.services("_https._tcp.web.test")).found())
                    .containsExactlyInAnyOrder(
                            new ServiceRecord("a.web.test.", 8443, 10, 5),
                            new ServiceRecord("b.web.test.", 443, 20, 0));
            assertThat(on(() -> names.services("_imap._tcp.web.test")).found())
                    .as("said to be nowhere")
                    .isEmpty();
            assertThatThrownBy(() -> on(() -> names.services("_ftp._tcp.web.test")))
                    .hasRootCauseInstanceOf(NotThereException.class);
        }
    }

    @Test
    void anAnswerThatIsTooLongForUdpComesByTcp() throws Exception {
        String records = IntStream.range(1, 100)
                .mapToObj(i -> "127.0.1." + i + " many.test\n")
                .collect(Collectors.joining());
        try (NameServer _ = server("127.0.0.1", records)) {
            assertThat(addresses("many.test").found()).hasSize(99);
        }
    }

    @Test
    void aShortNameIsCompleted() throws Exception {
        try (NameServer _ = server("127.0.0.1", "127.0.0.5 web.lan.test\n")) {
            assertThat(addresses("web")).isEqualTo(answer(TTL, "127.0.0.5"));
            assertThatThrownBy(() -> addresses("web.")).hasRootCauseInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void theHostsFileComesFirstAndBothFilesAreReadAnew() throws Exception {
        try (NameServer _ = server("127.0.0.1", "127.0.0.5 web.test\n");
                NameServer _ = server("127.0.0.2", "127.0.0.6 web.test\n")) {
            assertThat(addresses("web.test").found())
                    .isEqualTo(answer(TTL, "127.0.0.5").found());
            Files.writeString(hosts, "127.0.0.9 Web.test\n");
            await().atMost(Portshare.PATIENCE).until(() -> changes.get() == 1);
            assertThat(addresses("web.test.")).isEqualTo(answer(Known.LONGEST, "127.0.0.9"));
            Files.delete(hosts);
            await().atMost(Portshare.PATIENCE).until(() -> changes.get() == 2);
            Path next = Files.writeString(folder.resolve("next"), "nameserver 127.0.0.2\n");
            Files.move(next, conf, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Portshare.PATIENCE).until(() -> changes.get() == 3);
            assertThat(addresses("web.test")).isEqualTo(answer(TTL, "127.0.0.6"));
        }
    }

    @Test
    void aServerThatIsDownIsPassedOver() throws Exception {
        Files.writeString(conf, "nameserver 127.0.0.3\nnameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
        try (NameServer _ = server("127.0.0.1", "127.0.0.5 web.test\n")) {
            assertThat(addresses("web.test")).isEqualTo(answer(TTL, "127.0.0.5"));
        }
    }

    /** dnsmasq refuses what it would have to ask others for. */
    @Test
    void aServerThatRefusesDoesNotSayThatTheNameIsNotThere() throws Exception {
        try (NameServer _ = server("127.0.0.1", "")) {
            assertThatThrownBy(() -> addresses("web.example", InetAddress.ofLiteral("127.0.0.5")))
                    .hasRootCauseInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("Refused")
                    .matches(error -> !(root(error) instanceof NotThereException));
            assertThatThrownBy(() -> addresses("nowhere.test")).hasRootCauseInstanceOf(NotThereException.class);
        }
    }

    private static Throwable root(Throwable error) {
        return error.getCause() == null ? error : root(error.getCause());
    }

    /** There are servers that leave questions for IPv6 unanswered: a Java one does here. */
    @Test
    void whoAnswersForOneFamilyAloneIsNotWaitedForLong() throws Exception {
        Files.writeString(conf, "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n");
        try (DatagramSocket silent = new DatagramSocket(port, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> answerForIpv4(silent));
            Answer<InetAddress> answer = addresses("half.test", InetAddress.ofLiteral("::1"));
            assertThat(answer.found())
                    .as("what was known of the other family stays")
                    .containsExactlyElementsOf(answer(TTL, "::1", "127.0.0.5").found());
            assertThat(answer.ttl()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        }
    }

    private static void answerForIpv4(DatagramSocket socket) {
        byte[] buffer = new byte[512];
        while (true) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                int end = packet.getLength();
                if (buffer[end - 3] == 1) { // type A
                    byte[] answer = Arrays.copyOf(buffer, end + 16);
                    answer[2] = (byte) 0x81;
                    answer[3] = (byte) 0x80;
                    answer[7] = 1;
                    byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 14, 16, 0, 4, 127, 0, 0, 5};
                    System.arraycopy(record, 0, answer, end, record.length);
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void withoutResolvConfTheSystemIsAsked() throws Exception {
        Files.delete(conf);
        assertThat(addresses("localhost").found()).contains(InetAddress.ofLiteral("127.0.0.1"));
        assertThatThrownBy(() -> on(() -> names.services("_https._tcp.web.test")))
                .hasMessageContaining("resolv.conf");
    }
}
