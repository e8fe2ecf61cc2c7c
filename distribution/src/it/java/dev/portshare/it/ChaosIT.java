package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Pushers;
import dev.portshare.it.harness.Script;
import dev.portshare.it.harness.Soak;
import dev.portshare.it.harness.Tally;
import dev.portshare.it.harness.Vitals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Faults amid traffic. After each, whatever it was: no connection got wrong bytes or an end that only looked like one, a new client is
 * served, every connection is counted and logged once, and all descriptors went back. What has the tag {@link Soak#LONG} runs with
 * {@code -Psoak} alone.
 */
@Needs({"netns", "nft"})
@ResourceLock(Portshare.OPEN_FILES)
class ChaosIT extends ChaosNet {
    /** The short form: those that take no long time, on one and the same portshare. */
    @Test
    @Needs("prlimit")
    void oneFaultAfterTheOther() throws Exception {
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        stop(traffic);
        reload(50);
        served(traffic, CONNECTIONS);
        Tally quiet = now(traffic);
        assertUndisturbed(quiet);
        kill(traffic);
        runOut(before);
        served(traffic, CONNECTIONS);
        cut("backends", "backend-lost");
        Tally tally = survived("one after the other", before, traffic);
        assertThat(tally.reset())
                .as("those of the killed and of the vanished backend")
                .isPositive();
    }

    /** 5 % lost, 50 ms more or less by 20, so that packets overtake each other, to clients and to the backend. */
    @Tag(Soak.LONG)
    @Test
    @Needs({"tun", "python3"})
    void aBadCableOnlyTakesTime() throws Exception {
        String far = "203.0.113.2";
        Files.writeString(routes, routes("").replace(BACKEND + ":9000", far + ":9000"));
        wire(backends, "203.0.113.1/30", far + "/30");
        Script wire = wire(clients, "203.0.113.5/30", "203.0.113.6/30");
        portshare = open(Portshare.under(here.prefix(), "--config", routes.toString()));
        Script traffic = traffic("203.0.113.5", CONNECTIONS, 32 * 1024);
        last(Soak.fault());
        Tally tally = end(traffic);
        wire.say("");
        String carried = wire.line("carried=");
        System.out.println("chaos: bad cable: " + tally + ", and to clients " + carried);
        assertThat(carried).doesNotContain("lost=0 ").doesNotContain("overtaken=0");
        assertThat(tally.failed()).as(tally.toString()).isZero();
        assertThat(tally.whole()).isPositive();
        Vitals after = settled();
        assertThat(after.accepted()).isEqualTo(after.closed());
        await().atMost(Portshare.PATIENCE).until(() -> lines() == after.closed());
    }

    private Script wire(NetworkNamespace other, String address, String others) throws IOException {
        Script wire = open(new Script("wire.py", here.name(), address, other.name(), others, "5", "50", "20"));
        wire.line("wire is laid");
        return wire;
    }

    @Tag(Soak.LONG)
    @Test
    void packetsBecomeSmallerAmidTraffic() throws Exception {
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        mtu(1280);
        served(traffic, CONNECTIONS);
        mtu(1500);
        assertUndisturbed(survived("MTU 1280 and back", before, traffic));
    }

    private void mtu(int bytes) {
        for (String cable : List.of("clients", "backends")) {
            here.run("ip", "link", "set", cable, "mtu", "" + bytes).ok();
        }
        clients.run("ip", "link", "set", "clients", "mtu", "" + bytes).ok();
        backends.run("ip", "link", "set", "backends", "mtu", "" + bytes).ok();
    }

    @Tag(Soak.LONG)
    @Test
    void aBackendIsKilledAndStartedAnew() throws Exception {
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        for (int i = 0; i < Soak.fault().toSeconds(); i++) {
            kill(traffic);
        }
        Tally tally = survived("backend killed", before, traffic);
        assertThat(tally.reset()).as("those that it had").isPositive();
    }

    private void kill(Script traffic) throws IOException {
        signal(echo.pid(), "KILL");
        echo = echo(9000);
        served(traffic, CONNECTIONS);
    }

    @Tag(Soak.LONG)
    @Test
    void whoeverIsStoppedGoesOnWhereItWas() throws Exception {
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        stop(traffic);
        assertUndisturbed(survived("backend and portshare stopped", before, traffic));
    }

    /** For less than {@code timeouts.lost}. */
    private void stop(Script traffic) throws Exception {
        for (long pid : List.of(echo.pid(), portshare.pid())) {
            signal(pid, "STOP");
            last(LOST.dividedBy(2));
            signal(pid, "CONT");
            served(traffic, CONNECTIONS);
        }
    }

    @Tag(Soak.LONG)
    @Test
    void fiftyReloadsDisturbNobody() throws Exception {
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        reload(50);
        assertUndisturbed(survived("50 reloads", before, traffic));
    }

    private void reload(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            String other = i % 2 == 0
                    ? routes("").replace("name: echo", "name: reply").replace("idle: 20s", "idle: 25s")
                    : routes("");
            Path anew = Files.writeString(folder.resolve("anew.yaml"), other);
            Files.move(anew, routes, StandardCopyOption.REPLACE_EXISTING);
            assertThat(portshare.reload()).contains("reloaded");
        }
    }

    /** Live connections go on, new ones wait or are turned away, and all are served again when there are some. */
    @Tag(Soak.LONG)
    @Test
    @Needs("prlimit")
    void descriptorsRunOutAndComeBack() throws Exception {
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        runOut(before);
        Tally tally = survived("no descriptors", before, traffic);
        assertThat(tally.reset()).as("reset").isZero();
    }

    private void runOut(Vitals before) throws Exception {
        limit(before.files() + CONNECTIONS);
        portshare.line("cannot accept");
        last(Soak.fault());
        limit(10_000);
    }

    private void limit(long files) {
        Command.of("prlimit", "--pid", "" + portshare.pid(), "--nofile=" + files + ":")
                .run()
                .ok();
    }

    @Tag(Soak.LONG)
    @Test
    void clientsVanishAndComeBack() throws Exception {
        vanish("clients", "client-lost");
    }

    @Tag(Soak.LONG)
    @Test
    void theBackendVanishesAndComesBack() throws Exception {
        vanish("backends", "backend-lost");
    }

    private void vanish(String cable, String close) throws Exception {
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        cut(cable, close);
        survived("black hole of " + cable, before, traffic);
    }

    /** For longer than {@code timeouts.lost}: no packet gets through that cable, in either direction. */
    private void cut(String cable, String close) throws Exception {
        here.run("nft", """
            add table inet hole {
                chain in { type filter hook input priority 0; iifname %s drop; }
                chain out { type filter hook output priority 0; oifname %1$s drop; }
            }\
            """.formatted(cable)).ok();
        portshare.line("close=" + close);
        last(LOST.multipliedBy(2));
        here.run("nft", "delete", "table", "inet", "hole").ok();
    }

    /** They take what they may, and no more; others are served, and {@code timeouts.lost} ends them, though they live. */
    @Tag(Soak.LONG)
    @Test
    void whoeverNeverReadsHoldsUpNobody() throws Exception {
        int count = 200;
        echo(9001, "deaf");
        serve();
        Vitals before = settled();
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        Script unread = pushers(count, "GET / HTTP/1.0");
        Script unheard = pushers(count, "SSH-2.0-x");
        served(traffic, 5 * CONNECTIONS);
        assertThat(vitals().direct()).as("bytes that wait").isLessThan(2L * 2 * count * 64 * 1024 + (16 << 20));
        for (Script pushers : List.of(unread, unheard)) {
            await().atMost(LONG_PATIENCE).until(() -> pushers.lines().contains("all were ended"));
        }
        assertUndisturbed(survived("nobody reads", before, traffic));
        // The kernel counts room that is not there as an answer that does not come; otherwise it would be "idle".
        assertThat(ended("client-lost")).isGreaterThan(count * 9 / 10);
        assertThat(ended("backend-lost")).isGreaterThan(count * 9 / 10);
    }

    private long ended(String close) {
        return portshare.log().stream()
                .filter(line -> line.endsWith("close=" + close))
                .count();
    }

    private Script pushers(int count, String first) throws IOException {
        return open(Script.of(
                clients.prefix(), Pushers.class, ADDRESS, String.valueOf(PORT), String.valueOf(count), first));
    }

    /** The disk of the log's file and of the journal: lines are lost, and counted; nobody is held up. */
    @Test
    void theDiskIsFull() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Files.writeString(
                routes,
                routes("log: {file: %s/p.log}".formatted(disk))
                        .replace(":9000\"}", ":9000\", journal: %s/journal}".formatted(disk)));
        List<String> prefix = new ArrayList<>(here.prefix());
        prefix.addAll(List.of(
                "bash",
                "-c",
                "mount -t tmpfs -o size=256k,nr_inodes=30 none " + disk + " && mkdir " + disk
                        + "/journal && exec \"$@\"",
                "bash"));
        portshare = open(Portshare.unseen(prefix, "--config", routes.toString()));
        await().atMost(Portshare.PATIENCE).until(() -> Files.exists(folder.resolve("admin.sock")));
        Script traffic = traffic(ADDRESS, CONNECTIONS, BULK);
        await().atMost(LONG_PATIENCE).until(() -> vitals().dropped() > 0);
        served(traffic, CONNECTIONS);
        Tally tally = end(traffic);
        System.out.println("chaos: disk full: " + tally + " " + vitals().dropped() + " lines lost");
        assertUndisturbed(tally);
        assertThat(tally.failed()).as(tally.toString()).isZero();
        Vitals after = settled();
        assertThat(after.accepted()).isEqualTo(after.closed());
        String inside = "/proc/" + portshare.pid() + "/root" + disk;
        assertThat(Path.of(inside, "journal")).isEmptyDirectory();
        try (Stream<String> lines = Files.lines(Path.of(inside, "p.log"))) {
            long written = lines.filter(line -> line.contains(" close=")).count();
            assertThat(written).isLessThanOrEqualTo(after.closed());
            assertThat(written + after.dropped()).as("written and lost").isGreaterThanOrEqualTo(after.closed());
        }
    }
}
