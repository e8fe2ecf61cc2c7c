package dev.portshare.it.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A machine of its own, as far as the network goes: nothing but a loopback interface. Needs {@code netns}. */
public final class NetworkNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "portshare-it-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    public NetworkNamespace() {
        Command.of("ip", "netns", "add", name).run().ok();
        Command.of("ip", "-n", name, "link", "set", "lo", "up").run().ok();
    }

    /** As {@code ip netns} calls it. */
    public String name() {
        return name;
    }

    /** What runs a command in it: itself, then the command, which replaces it. */
    public List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    public Command.Result run(String... words) {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(List.of(words));
        return Command.of(all).run();
    }

    /** An address of its own, besides those of loopback: {@code 192.0.2.1/32}. */
    public void address(String address) {
        address("lo", address);
    }

    private void address(String device, String address) {
        List<String> words = new ArrayList<>(List.of("ip", "-n", name, "addr", "add", address, "dev", device));
        if (address.contains(":")) {
            words.add("nodad");
        }
        Command.of(words).run().ok();
    }

    /** A cable to {@code other}, and the addresses of this end, whose networks lead to it. */
    public void connect(NetworkNamespace other, List<String> addresses, List<String> othersAddresses) {
        connect("cable", other, addresses, othersAddresses);
    }

    /** The same with a name of its own, where there is one cable already. */
    public void connect(String cable, NetworkNamespace other, List<String> addresses, List<String> othersAddresses) {
        Command.of("ip", "-n", name, "link", "add", cable, "type", "veth", "peer", "name", cable, "netns", other.name)
                .run()
                .ok();
        addresses.forEach(address -> address(cable, address));
        othersAddresses.forEach(address -> other.address(cable, address));
        for (String end : List.of(name, other.name)) {
            Command.of("ip", "-n", end, "link", "set", cable, "up").run().ok();
        }
    }

    /** Sets a kernel parameter, such as {@code net.ipv6.bindv6only}. */
    public void sysctl(String parameter, int value) {
        run("bash", "-c", "echo " + value + " > /proc/sys/" + parameter.replace('.', '/'))
                .ok();
    }

    /** What a client in it gets back, a line, after it has sent {@code line}. */
    public String ask(String address, int port, String line) {
        String script = "exec 3<>/dev/tcp/%s/%d; echo '%s' >&3; read -r -t 10 answer <&3; echo \"$answer\"";
        return run("bash", "-c", script.formatted(address, port, line))
                .ok()
                .out()
                .strip();
    }

    @Override
    public void close() {
        Command.of("ip", "netns", "del", name).run();
    }
}
