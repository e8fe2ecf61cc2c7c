package dev.portshare.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What resolv.conf(5) says of name servers.
 *
 * @param servers  in the order in which they are to be asked; empty: there is no such file
 * @param search   what a name may have to be completed with, each with a dot at its end
 * @param ndots    a name with fewer dots is completed first, and taken as it is last
 * @param timeout  how long one server is waited for
 * @param attempts how often each is asked
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int ndots, Duration timeout, int attempts) {
    private static final int MOST_NDOTS = 15;
    private static final int MOST_SECONDS = 30;
    private static final int MOST_ATTEMPTS = 5;
    /** With the dot at its end. */
    private static final int LONGEST_NAME = 254;

    /**
     * Reads {@code file}; {@code environment} may say otherwise, as in the manual page.
     *
     * @param port that of all servers
     */
    static ResolvConf read(Path file, Map<String, String> environment, int port) {
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1), environment, port);
        } catch (IOException e) {
            return new ResolvConf(List.of(), List.of(), 1, Duration.ofSeconds(5), 2);
        }
    }

    static ResolvConf parse(String text, Map<String, String> environment, int port) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        List<String> options = new ArrayList<>();
        for (String line : text.lines().toList()) {
            List<String> words = words(line.replaceFirst("[#;].*", ""));
            List<String> values = words.subList(1, words.size());
            switch (words.getFirst()) {
                case "nameserver" -> values.forEach(value -> addServer(value, port, servers));
                case "search", "domain" -> search = values;
                case "options" -> options.addAll(values);
                default -> {}
            }
        }
        String domains = environment.get("LOCALDOMAIN");
        if (domains != null) {
            search = words(domains);
        }
        options.addAll(words(environment.getOrDefault("RES_OPTIONS", "")));
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        return new ResolvConf(
                List.copyOf(servers),
                search.stream()
                        .filter(domain -> !domain.isEmpty() && !domain.equals("."))
                        .map(ResolvConf::absolute)
                        .toList(),
                option(options, "ndots:", 0, 1, MOST_NDOTS),
                Duration.ofSeconds(option(options, "timeout:", 1, 5, MOST_SECONDS)),
                option(options, "attempts:", 1, 2, MOST_ATTEMPTS));
    }

    /** At least one, which may be empty. */
    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+", -1));
    }

    /** An address of an interface that is not there is left out. */
    private static void addServer(String text, int port, List<InetSocketAddress> servers) {
        try {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral(text), port));
        } catch (IllegalArgumentException _) {
            // The system leaves it out too.
        }
    }

    /** The last of {@code options} that begins with {@code name}, within bounds. */
    private static int option(List<String> options, String name, int least, int usual, int most) {
        int value = usual;
        for (String option : options) {
            if (option.startsWith(name)) {
                try {
                    value = Math.clamp(Integer.parseInt(option.substring(name.length())), least, most);
                } catch (NumberFormatException _) {
                    // As if it were not there.
                }
            }
        }
        return value;
    }

    /** What {@code name} may mean, in the order in which it is to be tried; each with a dot at its end. */
    List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(name);
        }
        List<String> candidates = new ArrayList<>();
        for (String domain : search) {
            candidates.add(absolute(name).concat(domain));
        }
        long dots = name.chars().filter(c -> c == '.').count();
        candidates.add(dots >= ndots ? 0 : candidates.size(), absolute(name));
        candidates.removeIf(candidate -> candidate.length() > LONGEST_NAME);
        return candidates;
    }

    private static String absolute(String name) {
        return name.endsWith(".") ? name : name.concat(".");
    }
}
