package dev.portshare.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** What this process may not create files with, proc(5). */
final class Umask {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String KEY = "Umask:";

    private Umask() {}

    /** Whether a file that is created with {@code mode} has less than that. */
    static boolean takes(Set<PosixFilePermission> mode) {
        try {
            return takes(Files.readAllLines(STATUS), mode);
        } catch (IOException e) {
            return true;
        }
    }

    static boolean takes(List<String> status, Set<PosixFilePermission> mode) {
        for (String line : status) {
            if (line.startsWith(KEY)) {
                return (Integer.parseInt(line.substring(KEY.length()).strip(), 8) & bits(mode)) != 0;
            }
        }
        return true;
    }

    private static int bits(Set<PosixFilePermission> mode) {
        int bits = 0;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            bits = bits << 1 | (mode.contains(permission) ? 1 : 0);
        }
        return bits;
    }
}
