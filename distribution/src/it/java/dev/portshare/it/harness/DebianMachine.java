package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A Debian 12 of its own, in which systemd is the first process, with OpenVPN and nginx and a network of its own; a second
 * network beside it, {@link #client}, is "somewhere else". Its disk is thrown away at the end. Needs {@code root},
 * {@code tun}, {@code debootstrap} and {@code systemd-nspawn}.
 */
public final class DebianMachine implements AutoCloseable {
    /** Its address for clients: of either family. */
    public static final List<String> ADDRESSES = List.of("10.99.0.1", "fd99::1");

    private static final Path TARGET = Repository.MODULE.resolve("target");
    /** Making a root takes a minute: it is made once, and each machine gets a copy. */
    private static final Path MODEL = TARGET.resolve("debian");

    private final Path root = TARGET.resolve("debian-" + ProcessHandle.current().pid());
    private final Process container;
    private final long leader;

    /** The root file system that each machine has a copy of: not to be changed. Needs {@code root} and {@code debootstrap}. */
    public static synchronized Path model() {
        Command.of("bash", Repository.MODULE.resolve("src/it/testbed/debian") + "", MODEL + "")
                .within(Duration.ofMinutes(5))
                .run()
                .ok();
        return MODEL;
    }

    private DebianMachine() throws IOException {
        Command.of("cp", "--archive", "--reflink=auto", model() + "", root + "")
                .run()
                .ok();
        container = Command.builder(List.of(
                        "systemd-nspawn",
                        "--quiet",
                        "--directory=" + root,
                        "--register=no",
                        "--keep-unit",
                        "--private-network",
                        "--bind=/dev/net/tun",
                        "--console=pipe",
                        "--boot"))
                .redirectErrorStream(true)
                .redirectOutput(TARGET.resolve("debian.log").toFile())
                .start();
        Awaitility.await("systemd")
                .atMost(Portshare.PATIENCE)
                .until(() -> container.children().findFirst().isPresent());
        leader = container.children().findFirst().orElseThrow().pid();
        Awaitility.await("the machine to be up")
                .atMost(Portshare.PATIENCE.multipliedBy(2))
                .until(
                        () -> run("systemctl", "is-system-running").out().strip(),
                        List.of("running", "degraded")::contains);
    }

    public static DebianMachine boot() throws IOException {
        DebianMachine machine = new DebianMachine();
        machine.ok("ip", "netns", "add", "client");
        machine.ok("ip", "link", "add", "outside", "type", "veth", "peer", "name", "inside", "netns", "client");
        machine.ok("ip", "link", "set", "outside", "up");
        for (String address : List.of("10.99.0.%d/24", "fd99::%d/64")) {
            String[] nodad = address.contains(":") ? new String[] {"nodad"} : new String[0];
            machine.address(List.of("ip"), address.formatted(1), "outside", nodad);
            machine.address(List.of("ip", "-n", "client"), address.formatted(2), "inside", nodad);
        }
        machine.ok("ip", "-n", "client", "link", "set", "inside", "up");
        machine.ok("ip", "-n", "client", "link", "set", "lo", "up");
        return machine;
    }

    private void address(List<String> ip, String address, String device, String... more) {
        List<String> words = new ArrayList<>(ip);
        words.addAll(List.of("addr", "add", address, "dev", device));
        words.addAll(List.of(more));
        ok(words.toArray(String[]::new));
    }

    /** Runs a command as root in it. */
    public Command.Result run(String... words) {
        return command(words).run();
    }

    public Command command(String... words) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--target=" + leader, "--all", "--wdns=/"));
        all.addAll(List.of(words));
        return Command.of(all);
    }

    /** The same, and fails where that fails; gives what it prints. */
    public String ok(String... words) {
        return run(words).ok().out().strip();
    }

    /** Runs a command in the network beside it. */
    public Command.Result client(String... words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", "client"));
        all.addAll(List.of(words));
        return run(all.toArray(String[]::new));
    }

    /** What runs a program of this machine, not of the other one, in the other one's network. */
    public List<String> network() {
        return List.of("nsenter", "--target=" + leader, "--net");
    }

    /** A file of it. */
    public Path file(String path) {
        return root.resolve(path.substring(1));
    }

    public void write(String path, String text) throws IOException {
        Files.createDirectories(file(path).getParent());
        Files.writeString(file(path), text);
    }

    /** Copies a file of this machine to {@code path}. */
    public void copy(Path from, String path) throws IOException {
        Files.createDirectories(file(path).getParent());
        Files.copy(from, file(path), StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the unit has logged. */
    public String journal(String unit) {
        return ok("journalctl", "--no-pager", "--output=cat", "--unit=" + unit);
    }

    /** A property of a unit, such as {@code MainPID}. */
    public String property(String unit, String name) {
        return ok("systemctl", "show", "--property=" + name, "--value", unit);
    }

    /** Takes its first process away, and with that all of them. */
    @Override
    public void close() {
        ProcessHandle.of(leader).ifPresent(ProcessHandle::destroyForcibly);
        try {
            container.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        Command.of("rm", "-rf", root.toString()).run().ok();
    }
}
