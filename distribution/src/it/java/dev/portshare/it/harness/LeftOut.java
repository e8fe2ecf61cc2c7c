package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The tests that were left out: written to {@code target/left-out.txt}, and told loudly at the end of the run. */
final class LeftOut implements AutoCloseable {
    private static final Path FILE = Repository.MODULE.resolve("target/left-out.txt");

    private final SortedMap<String, String> reasons = Collections.synchronizedSortedMap(new TreeMap<>());

    /** The one of this run; JUnit closes it at the run's end. */
    static LeftOut of(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(LeftOut.class, _ -> new LeftOut(), LeftOut.class);
    }

    void add(String test, String reason) {
        reasons.put(test, reason);
    }

    /** Writes the file, empty where nothing was left out. */
    @Override
    public void close() throws IOException {
        List<String> lines = reasons.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
        Files.createDirectories(FILE.getParent());
        Files.write(FILE, lines);
        if (!lines.isEmpty()) {
            System.out.printf("%n%s%n", banner("  %d INTEGRATION TESTS WERE LEFT OUT".formatted(lines.size())));
            lines.forEach(line -> System.out.println("  " + line));
            System.out.printf("%s%n%n", banner("  src/it/peers.sh names what is missing and installs it where it may"));
        }
    }

    private static String banner(String text) {
        return "!".repeat(80) + System.lineSeparator() + text + System.lineSeparator() + "!".repeat(80);
    }
}
