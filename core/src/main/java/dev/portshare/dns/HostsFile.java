package dev.portshare.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The names of hosts(5), as they stand there now. Nothing is kept: there are such files with a hundred thousand lines. */
record HostsFile(Path path) {
    /** The addresses of {@code host}; empty where it does not stand there. */
    List<InetAddress> find(String host) {
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        try (Stream<String> lines = Files.lines(path, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.toLowerCase(Locale.ROOT))
                    .filter(line -> line.contains(name))
                    .flatMap(line -> address(line, name))
                    .distinct()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** The address of {@code line}, if it is of {@code name}. */
    private static Stream<InetAddress> address(String line, String name) {
        List<String> words = List.of(line.replaceFirst("#.*", "").strip().split("\\s+", -1));
        if (!words.subList(1, words.size()).contains(name)) {
            return Stream.empty();
        }
        try {
            return Stream.of(InetAddress.ofLiteral(words.getFirst()));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }
}
