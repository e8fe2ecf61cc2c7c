package dev.portshare.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What the machine that the tests run on has. */
final class Machine {
    private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

    private Machine() {}

    /**
     * Whether there is a program of this name; or {@code root}: the tests run as root; {@code netns}: they may make
     * network namespaces; {@code tun}: and tunnel devices; {@code bbr}: the kernel has that congestion control.
     */
    static boolean has(String need) {
        Boolean known = KNOWN.get(need);
        if (known == null) {
            known = look(need);
            KNOWN.put(need, known);
        }
        return known;
    }

    private static boolean look(String need) {
        return switch (need) {
            case "root" -> isRoot();
            case "bbr" -> hasCongestionControl("bbr");
            case "netns" -> has("root") && has("ip") && works("unshare", "--net", "--mount", "ip", "link");
            case "tun" -> has("netns") && works("bash", "-c", "exec 3<>/dev/net/tun");
            default -> program(need).isPresent();
        };
    }

    private static boolean hasCongestionControl(String name) {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control"))
                    .contains(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the program is. Debian keeps servers in /usr/sbin, which only root has on the PATH. */
    static Optional<Path> program(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean works(String... command) {
        return Command.of(command).run().exit() == 0;
    }
}
