package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Echo;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Script;
import dev.portshare.it.harness.Tally;
import dev.portshare.it.harness.Traffic;
import dev.portshare.it.harness.Vitals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Clients, portshare and backend on three machines, traffic, and what is true after a fault amid it. */
abstract class ChaosNet {
    static final String ADDRESS = "192.0.2.1";
    static final String BACKEND = "198.51.100.2";
    static final int PORT = 8443;
    static final int CONNECTIONS = 40;
    static final int BULK = 1 << 20;
    static final Duration LOST = Duration.ofSeconds(3);
    /** For what ends of itself, after seconds: connections over a bad cable, and those that the kernel has to give up. */
    static final Duration LONG_PATIENCE = Duration.ofSeconds(100);

    @TempDir
    Path folder;

    final List<AutoCloseable> opened = new ArrayList<>();
    NetworkNamespace here;
    NetworkNamespace clients;
    NetworkNamespace backends;
    Script echo;
    Portshare portshare;
    Path routes;

    @BeforeEach
    void lay() throws Exception {
        here = open(new NetworkNamespace());
        clients = open(new NetworkNamespace());
        backends = open(new NetworkNamespace());
        here.connect("clients", clients, List.of(ADDRESS + "/24"), List.of("192.0.2.2/24"));
        here.connect("backends", backends, List.of("198.51.100.1/24"), List.of(BACKEND + "/24"));
        echo = echo(9000);
        routes = Files.writeString(folder.resolve("portshare.yaml"), routes(""));
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable last : opened.reversed()) {
            last.close();
        }
    }

    <T extends AutoCloseable> T open(T what) {
        opened.add(what);
        return what;
    }

    Script echo(int port, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("0.0.0.0", String.valueOf(port)));
        arguments.addAll(List.of(more));
        Script script = open(Script.of(backends.prefix(), Echo.class, arguments.toArray(String[]::new)));
        script.line("echo on");
        return script;
    }

    /** A route file; {@code more} are lines of its own. */
    String routes(String more) {
        return """
            listen: 0.0.0.0:%d
            routes:
              - {name: echo, when: {protocol: http}, to: "%s:9000"}
              - {name: deaf, when: {protocol: ssh}, to: "%2$s:9001"}
            timeouts: {head: 4s, connect: 3s, idle: 20s, lost: %ds}
            admin: {socket: %s}
            %s
            """.formatted(PORT, BACKEND, LOST.toSeconds(), folder.resolve("admin.sock"), more);
    }

    void serve() throws IOException {
        portshare = open(Portshare.under(here.prefix(), "--config", routes.toString()));
        // The first ones load what all later ones need.
        assertThat(end(traffic(ADDRESS, 5, BULK)).failed()).isZero();
    }

    Script traffic(String address, int connections, int bulk) throws IOException {
        Script script = open(Script.of(
                clients.prefix(),
                Traffic.class,
                address,
                String.valueOf(PORT),
                String.valueOf(connections),
                "100",
                String.valueOf(bulk)));
        served(script, connections);
        return script;
    }

    /** Returns when {@code more} of its connections have come to a right end from now on. */
    static void served(Script traffic, int more) throws IOException {
        long before = now(traffic).whole();
        await().atMost(LONG_PATIENCE).until(() -> now(traffic).whole() >= before + more);
    }

    static Tally now(Script traffic) throws IOException {
        int lines = traffic.lines().size();
        traffic.say("");
        await().atMost(Portshare.PATIENCE).until(() -> traffic.lines().size() > lines);
        return Tally.parse(traffic.lines().getLast());
    }

    static Tally end(Script traffic) throws IOException {
        traffic.say("e");
        await().atMost(LONG_PATIENCE).until(() -> traffic.lines().getLast().startsWith("last "));
        return Tally.parse(traffic.lines().getLast());
    }

    Vitals settled() {
        await().atMost(LONG_PATIENCE).until(() -> vitals().active() == 0);
        return vitals();
    }

    Vitals vitals() {
        return Vitals.of(portshare.pid(), folder.resolve("admin.sock"));
    }

    /** What is true after each fault; {@code before}: when nobody was connected. */
    Tally survived(String fault, Vitals before, Script traffic) throws IOException {
        served(traffic, CONNECTIONS);
        Tally tally = end(traffic);
        System.out.println("chaos: " + fault + ": " + tally);
        assertThat(tally.failed()).as(tally.toString()).isZero();
        Tally fresh = end(traffic(ADDRESS, 5, BULK));
        assertThat(fresh.failed() + fresh.reset() + fresh.unserved())
                .as(fresh.toString())
                .isZero();
        Vitals after = settled();
        assertThat(after.accepted()).isEqualTo(after.closed());
        assertThat(after.files()).as("descriptors").isLessThanOrEqualTo(before.files() + Vitals.KEPT);
        await().atMost(Portshare.PATIENCE).until(() -> lines() + after.dropped() >= after.closed());
        assertThat(lines() + after.dropped()).as("a line for each connection").isEqualTo(after.closed());
        return tally;
    }

    long lines() {
        return portshare.log().stream().filter(line -> line.contains(" id=")).count();
    }

    static void assertUndisturbed(Tally tally) {
        assertThat(tally.reset() + tally.unserved()).as(tally.toString()).isZero();
    }

    static void last(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    static void signal(long pid, String name) {
        Command.of("bash", "-c", "kill -" + name + " " + pid).run().ok();
    }
}
