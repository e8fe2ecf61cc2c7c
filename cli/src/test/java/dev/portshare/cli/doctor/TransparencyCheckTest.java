package dev.portshare.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.RouteFile;
import dev.portshare.route.Backend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On machines with these programs, which say this; real ones are those of the integration tests. */
class TransparencyCheckTest {
    private static final String NET_RAW = "0000000000002000";
    private static final String LOOPBACK = """
        listen: "0.0.0.0:443"
        routes: [{name: web, to: "127.0.0.1:80", source: transparent}]
        """;
    private static final String ELSEWHERE = LOOPBACK.replace("127.0.0.1", "198.51.100.9");
    private static final String RULE = "ip -4 rule add pref 443 from 127.0.0.0/8 iif lo lookup 443";
    private static final String ROUTE = "ip -4 route replace local default dev lo table 443";

    @TempDir
    private Path proc;

    private String routes = LOOPBACK;
    private final Map<String, String> outputs = new HashMap<>();

    @BeforeEach
    void putTheMachineInOrder() throws IOException {
        status("self/status", NET_RAW);
        outputs.put("ip rule", "0:\tfrom all lookup local\n");
        outputs.put("ip -4 rule", "0:\tfrom all lookup local\n");
        outputs.put("nft list ruleset", "");
    }

    private void status(String path, String effective) throws IOException {
        write(path, "CapEff:\t" + effective + "\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = proc.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<Diagnosis> examine() throws Exception {
        return TransparencyCheck.of(RouteFile.parse("r.yaml", routes, Path.of("")), new Fake(), null);
    }

    private Diagnosis only() throws Exception {
        List<Diagnosis> found = examine();
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().check()).isEqualTo("transparent");
        return found.getFirst();
    }

    /** Has the kernel lead here what it should. */
    private void lead(String packet) {
        outputs.put("ip -4 route get 192.0.0.8 " + packet, "local 192.0.0.8 dev lo table 9 src 192.0.0.8 uid 0\n");
    }

    @Test
    void whatIsNotAskedForIsNotLookedAt() throws Exception {
        outputs.clear();
        status("self/status", "0");
        routes = LOOPBACK.replace(", source: transparent", "");
        assertThat(examine()).isEmpty();
    }

    @Test
    void theKernelIsBelievedAndLinesOfOthersCount() throws Exception {
        assertThat(only().remedy()).startsWith(RULE + "\n" + ROUTE + "\n");
        assertThat(only().why()).doesNotContain("there already");
        lead("from 127.0.0.1");
        assertThat(examine()).isEmpty();
    }

    @Test
    void onlyWhatIsMissingIsPrescribed() throws Exception {
        outputs.put("ip -4 route show table 443", "local default dev lo scope host \n");
        assertThat(only().remedy()).startsWith(RULE + "\n").doesNotContain(ROUTE);
        assertThat(only().why()).contains("there already: " + ROUTE);
        outputs.put("ip -4 rule", "0:\tfrom all lookup local\n443:\tfrom 127.0.0.0/8 iif lo lookup sslh\n");
        assertThat(only().remedy()).startsWith(ROUTE.replace("443", "sslh") + "\n");
    }

    @Test
    void anotherMachinesAnswersAreMarkedAndItsOwnRouteIsTold() throws Exception {
        routes = ELSEWHERE;
        outputs.put("ip -4 route get 198.51.100.9", "198.51.100.9 dev eth1 src 198.51.100.1 uid 0\n    cache\n");
        assertThat(only().remedy()).startsWith("""
            nft -f /usr/share/portshare/transparent.nft
            ip -4 rule add pref 443 fwmark 443 lookup 443
            ip -4 route replace local default dev lo table 443
            on 198.51.100.9: ip -4 route replace default via 198.51.100.1
            """);
        lead("mark 443");
        assertThat(only().remedy()).startsWith("nft -f ").doesNotContain("rule add");
        outputs.put("nft list ruleset", "\t\tmeta l4proto tcp socket transparent 1 meta mark set 0x000001bb\n");
        assertThat(examine()).isEmpty();
    }

    /** Of a table that somebody else has written. */
    @Test
    void anotherMarkCountsToo() throws Exception {
        routes = ELSEWHERE;
        outputs.put(
                "nft list ruleset",
                "\t\tip protocol tcp socket transparent 1 counter meta mark set 0x00000007 accept\n");
        outputs.put("ip -4 rule", "9:\tfrom all fwmark 0x7 lookup 100\n");
        assertThat(only().remedy()).startsWith("ip -4 route replace local default dev lo table 100\n");
        lead("mark 7");
        assertThat(examine()).isEmpty();
    }

    @Test
    void wireGuardsSettingTakesALineMore() throws Exception {
        routes = ELSEWHERE;
        lead("mark 443");
        outputs.put("nft list ruleset", "socket transparent 1 meta mark set 0x000001bb");
        write("sys/net/ipv4/conf/all/src_valid_mark", "1\n");
        outputs.put("ip route get 198.51.100.9 mark 443", "local 198.51.100.9 dev lo table 443\n");
        assertThat(only().remedy()).startsWith("ip rule add pref 442 to 198.51.100.9 iif lo lookup main\n");
        outputs.put("ip route get 198.51.100.9 mark 443", "198.51.100.9 dev eth1 src 198.51.100.1\n");
        assertThat(examine()).isEmpty();
    }

    @Test
    void whereProgramsAreMissingItCannotBeTold() throws Exception {
        outputs.clear();
        assertThat(only().finding()).startsWith("ip (iproute2) is not installed");
        routes = ELSEWHERE;
        assertThat(only().remedy()).startsWith("apt-get install iproute2");
        outputs.put("ip rule", "");
        lead("mark 443");
        assertThat(only().finding()).startsWith("nft (nftables) is not installed, or tells this user nothing");
    }

    @ParameterizedTest
    @CsvSource({"0000000000002000, true", "0000000000001000, true", "0000000000000400, false"})
    void theRightOfThePortshareThatRunsCountsOrElseThatOfTheUnitOrElseOurs(String capabilities, boolean isEnough)
            throws Exception {
        lead("from 127.0.0.1");
        status("self/status", capabilities);
        assertThat(examine()).hasSize(isEnough ? 0 : 1);

        String unit = "systemctl show portshare.service --property=LoadState,User,AmbientCapabilities";
        outputs.put(unit, "User=portshare\nLoadState=loaded\nAmbientCapabilities=cap_net_bind_service\n");
        assertThat(only().finding()).startsWith("portshare.service gives portshare no right");
        outputs.put(unit, "User=portshare\nLoadState=loaded\nAmbientCapabilities=cap_net_bind_service cap_net_raw\n");
        assertThat(examine()).isEmpty();
        outputs.put(unit, "User=\nLoadState=loaded\nAmbientCapabilities=\n");
        assertThat(examine()).isEmpty();

        write("90/cmdline", "java -jar /p/lib/portshare.jar run --listen 443".replace(' ', '\0') + "\0");
        status("90/task/90/status", "0");
        status("90/task/91/status", capabilities);
        assertThat(examine()).hasSize(isEnough ? 0 : 1);
    }

    private final class Fake implements Machine {
        @Override
        public Proc proc() {
            return new Proc(proc);
        }

        @Override
        public boolean canBind(InetSocketAddress address) {
            return true;
        }

        @Override
        public boolean hasAddress(InetSocketAddress address) {
            return false;
        }

        @Override
        public Answer connect(Backend backend, Duration patience) {
            return Answer.ACCEPTS;
        }

        @Override
        public Reply ask(Backend.Tcp backend, byte[] bytes) {
            return new Reply(new byte[0], Reply.End.OPEN);
        }

        @Override
        public Optional<String> output(String... command) {
            return Optional.ofNullable(outputs.get(String.join(" ", command)));
        }
    }
}
