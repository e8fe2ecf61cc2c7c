package dev.portshare.it.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Clients, the machine between, where portshare is, and another with backends, whose default route leads to the one between. Needs
 * {@code netns} and {@code python3}.
 */
public final class ThreeMachines implements AutoCloseable {
    public static final List<String> CLIENT = List.of("192.0.2.7", "2001:db8:1::7");
    /** The machine between, as clients know it. */
    public static final List<String> MIDDLE = List.of("192.0.2.1", "2001:db8:1::1");

    public static final List<String> FAR = List.of("198.51.100.9", "2001:db8:2::9");

    private final NetworkNamespace clients = new NetworkNamespace();
    private final NetworkNamespace middle = new NetworkNamespace();
    private final NetworkNamespace far = new NetworkNamespace();
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    /** Keeps files in {@code folder}. */
    public ThreeMachines(Path folder) {
        this.folder = folder;
        middle.connect(
                clients, List.of("192.0.2.1/24", "2001:db8:1::1/64"), List.of("192.0.2.7/24", "2001:db8:1::7/64"));
        middle.connect(
                "far",
                far,
                List.of("198.51.100.1/24", "2001:db8:2::1/64"),
                List.of("198.51.100.9/24", "2001:db8:2::9/64"));
    }

    public NetworkNamespace clients() {
        return clients;
    }

    public NetworkNamespace middle() {
        return middle;
    }

    public NetworkNamespace far() {
        return far;
    }

    /** The lines that {@code portshare doctor} has for backends on loopback, as the documentation has them. */
    public void leadLoopbackHere() {
        for (String line : List.of(
                "ip rule add pref 443 from 127.0.0.0/8 iif lo lookup 443",
                "ip route replace local default dev lo table 443",
                "ip -6 rule add pref 443 from ::1 iif lo lookup 443",
                "ip -6 route replace local default dev lo table 443")) {
            middle.run(line.split(" ")).ok();
        }
    }

    /** Serves in {@code where} what tells its clients where it sees them, and echoes, until this is closed. */
    public void tellFrom(NetworkNamespace where, String address, int... ports) throws IOException {
        Path ready = folder.resolve("ready");
        List<String> words = new ArrayList<>(List.of("python3", resource("seen-from.py"), ready.toString(), address));
        Arrays.stream(ports).mapToObj(String::valueOf).forEach(words::add);
        start(where, words);
        await().atMost(Portshare.PATIENCE).until(() -> Files.deleteIfExists(ready));
    }

    /** Runs {@code words} in {@code where} until this is closed. */
    public void start(NetworkNamespace where, List<String> words) throws IOException {
        List<String> all = new ArrayList<>(where.prefix());
        all.addAll(words);
        processes.add(Command.builder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("processes.log").toFile()))
                .start());
    }

    /**
     * A client in {@code where}: what it says of itself, and how {@link #tellFrom} sees it, as {@code 192.0.2.7 40000 192.0.2.7 40000}; a
     * million bytes went there and back.
     */
    public List<String> ask(
            NetworkNamespace where, String own, int ownPort, String address, String ports, String... first)
            throws IOException {
        List<String> words = new ArrayList<>(
                List.of("timeout", "40", "python3", resource("from-here.py"), own, ownPort + "", address, ports));
        words.addAll(List.of(first));
        return where.run(words.toArray(String[]::new)).ok().out().lines().toList();
    }

    private String resource(String name) throws IOException {
        Path file = folder.resolve(name);
        if (Files.notExists(file)) {
            try (var in = ThreeMachines.class.getResourceAsStream("/" + name)) {
                Files.copy(in, file);
            }
        }
        return file.toString();
    }

    @Override
    public void close() {
        processes.forEach(Command::end);
        clients.close();
        far.close();
        middle.close();
    }
}
