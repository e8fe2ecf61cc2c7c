package dev.portshare.cli.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What a log file was before: {@code portshare.log.1} is the youngest. */
final class OldFiles {
    private OldFiles() {}

    /** Moves {@code log} to its first old file, each of those one on, and removes what is older than {@code keep} files. */
    static void add(Path log, int keep) throws IOException {
        // Up to the first gap: a move of the log that fails again and again must not push out all that there is.
        int last = 1;
        while (last < keep && Files.exists(old(log, last))) {
            last++;
        }
        for (int i = last; i > 1; i--) {
            move(old(log, i - 1), old(log, i));
        }
        move(log, old(log, 1));
        for (int i = keep + 1; Files.deleteIfExists(old(log, i)); i++) {
            // One was kept when more were to be.
        }
    }

    private static Path old(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
