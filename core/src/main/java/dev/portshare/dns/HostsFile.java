package dev.portshare.dns;

import io.netty.resolver.HostsFileEntriesProvider;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The names of hosts(5), as they stand there now. */
final class HostsFile {
    private final HostsFileEntriesProvider entries;

    HostsFile(Path file) {
        entries = HostsFileEntriesProvider.parser().parseSilently(file.toFile(), StandardCharsets.UTF_8);
    }

    /** The addresses of {@code host}; empty where it does not stand there. */
    List<InetAddress> find(String host) {
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        List<InetAddress> addresses = new ArrayList<>();
        addresses.addAll(entries.ipv6Entries().getOrDefault(name, List.of()));
        addresses.addAll(entries.ipv4Entries().getOrDefault(name, List.of()));
        return addresses;
    }
}
