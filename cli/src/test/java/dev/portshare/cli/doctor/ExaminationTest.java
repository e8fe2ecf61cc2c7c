package dev.portshare.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.RouteFile;
import dev.portshare.route.Backend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a machine that is in order nothing is found; each thing that is not is found, alone. */
class ExaminationTest {
    private static final String ROUTES = """
        listen: [443]
        routes:
          - {name: vpn, when: {protocol: openvpn}, to: "127.0.0.1:1194"}
          - {name: web, to: "[::1]:8443"}
        """;

    private static final String HEADER = "  sl  local_address rem_address   st tx_queue rx_queue\n";

    @TempDir
    private Path proc;

    private String routes = ROUTES;
    private boolean isPrivileged = true;
    private final Set<String> taken = new HashSet<>();
    private final Set<String> missing = new HashSet<>();
    private final Map<String, Machine.Answer> answers = new HashMap<>();
    private final Map<String, Reply> replies = new HashMap<>();
    private final Map<String, String> outputs = new HashMap<>();
    private final StringBuilder listeners = new StringBuilder(HEADER);

    @BeforeEach
    void putTheMachineInOrder() throws IOException {
        write("sys/net/ipv6/conf/all/disable_ipv6", "0\n");
        write("sys/net/core/somaxconn", "4096\n");
        write("sys/net/ipv4/ip_unprivileged_port_start", "1024\n");
        write("sys/net/ipv4/tcp_congestion_control", "cubic\n");
        write("self/limits", limits(524_288));
        capabilities("0000000000000400");
    }

    private void write(String path, String text) throws IOException {
        Path file = proc.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void capabilities(String effective) throws IOException {
        write("self/status", "Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t" + effective + "\n");
    }

    private static String limits(long openFiles) {
        return "Limit                     Soft Limit           Hard Limit           Units\n"
                + "Max open files            " + openFiles + "               524288               files\n";
    }

    /** A socket that listens on {@code address}, in the kernel's digits. */
    private void listens(String address, int port, int waiting, int inode) {
        listeners.append("   0: %s:%04X 00000000:0000 0A 00000000:%08X 00:00000000 00000000 0 0 %d 1 0 100\n"
                .formatted(address, port, waiting, inode));
    }

    private void process(int pid, String name, String commandLine, String unit, int... inodes) throws IOException {
        write(pid + "/comm", name + "\n");
        write(pid + "/cmdline", commandLine.replace(' ', '\0') + "\0");
        write(pid + "/cgroup", "0::/system.slice/" + unit + "\n");
        Files.createDirectories(proc.resolve(pid + "/fd"));
        for (int inode : inodes) {
            Files.createSymbolicLink(proc.resolve(pid + "/fd/" + inode), Path.of("socket:[" + inode + "]"));
        }
    }

    private List<Diagnosis> examine() throws Exception {
        write("net/tcp", listeners.toString());
        return Examination.of(RouteFile.parse("r.yaml", routes, Path.of("")), new Fake(), null);
    }

    private Diagnosis only() throws Exception {
        List<Diagnosis> found = examine();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private final class Fake implements Machine {
        @Override
        public Proc proc() {
            return new Proc(proc);
        }

        @Override
        public boolean canBind(InetSocketAddress address) {
            return isPrivileged && !taken.contains(key(address)) && hasAddress(address);
        }

        @Override
        public boolean hasAddress(InetSocketAddress address) {
            return !missing.contains(key(address));
        }

        private static String key(InetSocketAddress address) {
            return address.getAddress().getHostAddress() + " " + address.getPort();
        }

        @Override
        public Answer connect(Backend backend, Duration patience) {
            return answers.getOrDefault(backend.toString(), Answer.ACCEPTS);
        }

        @Override
        public Reply ask(Backend.Tcp backend, byte[] bytes) {
            String question = backend + " " + HexFormat.of().formatHex(bytes, 0, Math.min(3, bytes.length));
            return replies.getOrDefault(question, new Reply(new byte[0], Reply.End.OPEN));
        }

        @Override
        public Optional<String> output(String... command) {
            return Optional.ofNullable(outputs.get(String.join(" ", command)));
        }
    }

    /** Which it gives in one piece or not at all. No machine's is below 301. */
    @Test
    void aNumberOfTheKernelsIsReadWhole() {
        assertThat(new Proc(Path.of("/proc")).parameter("kernel/pid_max").orElseThrow())
                .isGreaterThan(300);
    }

    @Test
    void nothingIsWrongOnAMachineInOrder() throws Exception {
        assertThat(examine()).isEmpty();
    }

    @Test
    void anOpenVpnThatAnswersStrangersIsTold() throws Exception {
        replies.put("127.0.0.1:1194 000e38", new Reply(new byte[] {0, 0x1a, 0x40, 1}, Reply.End.OPEN));
        Diagnosis found = only();
        assertThat(found.check()).isEqualTo("openvpn");
        assertThat(found.finding()).contains("127.0.0.1:1194", "answers strangers");
        assertThat(found.remedy()).contains("tls-crypt tc.key");
    }

    /** A front that hides OpenVPN is as good as the web server behind it. */
    @ParameterizedTest
    @CsvSource({
        "'', CLOSED, ends a connection before its client has said anything",
        "'', RESET, ends a connection before its client has said anything",
        "000000, RESET, resets whoever sends what it does not understand"
    })
    void aWebServerThatIsNotLikeOthersGivesAHiddenOpenVpnAway(String question, Reply.End end, String finding)
            throws Exception {
        routes = hiding();
        assertThat(examine()).isEmpty();
        replies.put("[::1]:8443 " + question, new Reply(new byte[0], end));
        assertThat(only().finding()).isEqualTo("[::1]:8443, where strangers are led, " + finding);
    }

    /** The routes with a key, which is none of anybody's. */
    private String hiding() throws IOException {
        Path key = Files.writeString(
                proc.resolve("ta.key"),
                "-----BEGIN OpenVPN Static key V1-----\n" + "00112233445566778899aabbccddeeff\n".repeat(16)
                        + "-----END OpenVPN Static key V1-----\n");
        return ROUTES.replace("protocol: openvpn", "openvpn-key: {tls-crypt: " + key + "}");
    }

    @Test
    void oneThatIsNotForStrangersIsNotAsked() throws Exception {
        routes = ROUTES.replace("protocol: openvpn", "protocol: openvpn, from: 192.0.2.0/24");
        replies.put("127.0.0.1:1194 000e38", new Reply(new byte[] {0, 0x1a, 0x40, 1}, Reply.End.OPEN));
        assertThat(examine()).isEmpty();
    }

    @Test
    void whoeverHasThePortIsNamedWithItsUnit() throws Exception {
        taken.add("0:0:0:0:0:0:0:0 443");
        listens("00000000", 443, 0, 77);
        process(812, "nginx", "nginx: master process", "nginx.service", 5, 77);
        process(813, "other", "other", "other.service", 78);
        Diagnosis found = only();
        assertThat(found.finding()).isEqualTo("[::]:443 is taken by nginx (process 812, nginx.service)");
        assertThat(found.remedy()).endsWith("systemctl disable --now nginx.service");
    }

    @Test
    void whereItIsNotToBeSeenWhoHasThePortTheCommandIsTold() throws Exception {
        taken.add("0:0:0:0:0:0:0:0 443");
        listens("00000000", 443, 0, 77);
        Diagnosis found = only();
        assertThat(found.finding()).isEqualTo("[::]:443 is taken");
        assertThat(found.remedy()).contains("ss -ltnp 'sport = :443'");
    }

    @Test
    void aPortsharesOwnPortIsNoFinding() throws Exception {
        taken.add("0:0:0:0:0:0:0:0 443");
        listens("00000000", 443, 0, 77);
        process(90, "java", "/p/runtime/bin/java -Xmx128m -jar /p/lib/portshare.jar --config r.yaml", "p.service", 77);
        write("90/limits", limits(524_288));
        assertThat(examine()).isEmpty();
    }

    @Test
    void aPrivilegeThatIsMissingIsTold() throws Exception {
        isPrivileged = false;
        capabilities("0000000000000000");
        assertThat(only().remedy())
                .contains("AmbientCapabilities=CAP_NET_BIND_SERVICE")
                .endsWith("sysctl -w net.ipv4.ip_unprivileged_port_start=443");
    }

    @Test
    void anAddressOfAnotherMachineIsTold() throws Exception {
        routes = ROUTES.replace("[443]", "\"192.0.2.9:443\"");
        missing.add("192.0.2.9 443");
        assertThat(only().finding()).isEqualTo("this machine has no address 192.0.2.9");
    }

    @Test
    void aFolderThatIsMissingIsTold() throws Exception {
        routes = ROUTES.replace("[443]", "unix:" + proc + "/none/p.sock");
        assertThat(only().remedy()).startsWith("install -d ").endsWith(proc + "/none");
    }

    @ParameterizedTest
    @CsvSource({"443, 1", "0.0.0.0:443, 0", "'[::1]:443', 0"})
    void switchedOffIpv6IsToldWhereBothFamiliesAreAskedFor(String listen, int findings) throws Exception {
        routes = ROUTES.replace("[443]", "\"" + listen + "\"");
        write("sys/net/ipv6/conf/all/disable_ipv6", "1\n");
        assertThat(examine())
                .hasSize(findings)
                .allSatisfy(
                        found -> assertThat(found.remedy()).startsWith("sysctl -w net.ipv6.conf.all.disable_ipv6=0"));
    }

    @Test
    void aShortBacklogIsTold() throws Exception {
        write("sys/net/core/somaxconn", "128\n");
        assertThat(only().remedy()).startsWith("sysctl -w net.core.somaxconn=4096");
    }

    @Test
    void aFullBacklogOfPortsharesIsTold() throws Exception {
        listens("00000000", 443, 4096, 77);
        listens("00000000", 80, 9999, 78);
        process(90, "java", "java -jar /p/lib/portshare.jar run --listen 443", "p.service", 77);
        process(91, "nginx", "nginx", "nginx.service", 78);
        assertThat(only().finding()).isEqualTo("4096 clients of port 443 wait to be accepted");
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSES, 'refuses connections: nothing listens there', ss -ltn 'sport = :8443'",
        "IS_SILENT, does not answer, firewall",
        "UNREACHABLE, cannot be reached, ss -ltn",
        "UNKNOWN, has no address, getent ahosts"
    })
    void aBackendThatDoesNotAcceptIsTold(Machine.Answer answer, String finding, String remedy) throws Exception {
        answers.put("[::1]:8443", answer);
        Diagnosis found = only();
        assertThat(found.finding()).isEqualTo("[::1]:8443, backend of web, " + finding);
        assertThat(found.remedy()).contains(remedy);
    }

    @Test
    void anOpenVpnThatListensToTheOutsideIsTold() throws Exception {
        listens("0100007F", 1194, 0, 70);
        listens("00000000", 8443, 0, 71);
        assertThat(examine()).isEmpty();
        listens("00000000000000000000000000000000", 1194, 0, 72);
        assertThat(only().finding()).isEqualTo("OpenVPN listens on port 1194 of every address of this machine");
    }

    @Test
    void anOpenVpnAtAnAddressThatOthersReachIsToldAndOneInANetworkOfItsOwnIsNot() throws Exception {
        routes = ROUTES.replace("127.0.0.1:1194", "10.0.0.5:1194");
        listens("0500000A", 1194, 0, 70);
        assertThat(examine()).isEmpty();
        routes = ROUTES.replace("127.0.0.1:1194", "192.0.2.5:1194");
        listens("050200C0", 1194, 0, 71);
        assertThat(only().finding())
                .isEqualTo("OpenVPN listens on 192.0.2.5:1194, an address of this machine that others reach");
    }

    @Test
    void pacingOverLoopbackIsToldForEachAddressWhoseRouteDoesNotPreventIt() throws Exception {
        write("sys/net/ipv4/tcp_congestion_control", "bbr\n");
        assertThat(examine())
                .extracting(found -> found.remedy().replaceFirst(",.*", ""))
                .containsExactly(
                        "ip route change local 127.0.0.1 dev lo congctl cubic",
                        "ip -6 route change local ::1 dev lo congctl cubic");
        outputs.put("ip route get 127.0.0.1", "local 127.0.0.1 dev lo\n    cache <local> congctl cubic\n");
        outputs.put("ip route get ::1", "local ::1 dev lo metric 0 congctl cubic pref medium\n");
        assertThat(examine()).isEmpty();
    }

    @Test
    void fewOpenFilesAreTold() throws Exception {
        write("self/limits", limits(1024));
        Diagnosis found = only();
        assertThat(found.finding()).isEqualTo("from here, portshare may have 1024 files open, for 512 connections");
        assertThat(found.remedy()).contains("LimitNOFILE=65536");
    }

    @Test
    void theLimitOfThePortshareThatRunsCounts() throws Exception {
        write("self/limits", limits(1024));
        process(90, "java", "java -jar /p/lib/portshare.jar run --listen 443", "p.service");
        write("90/limits", limits(30_000));
        assertThat(examine()).isEmpty();
        write("90/limits", limits(10));
        List<Integer> inodes = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
        for (int inode : inodes) {
            Files.createSymbolicLink(proc.resolve("90/fd/" + inode), Path.of("socket:[" + inode + "]"));
        }
        assertThat(only().finding()).isEqualTo("portshare (process 90) has 8 files open, of 10");
    }

    @Test
    void aCacheThatDoesNotFitIsTold(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve("lib"));
        Files.createFile(home.resolve("lib/portshare.aot"));
        assertThat(ProcessCheck.of(new Fake(), home))
                .singleElement()
                .satisfies(found -> assertThat(found.check()).isEqualTo("cache"));
        outputs.put(
                "sh -c PORTSHARE_JAVA_OPTS=\"$PORTSHARE_JAVA_OPTS -XX:AOTMode=on\" exec \"$0\" --version " + home
                        + "/bin/portshare",
                "portshare 1\n");
        assertThat(ProcessCheck.of(new Fake(), home)).isEmpty();
    }
}
