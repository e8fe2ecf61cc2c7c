package dev.portshare.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a key in it: whoever reads it can do what its owner can. */
final class SecretFile {
    /** Mode bit: read by everybody. A group may well be portshare's own. */
    private static final int OTHERS = 004;

    private SecretFile() {}

    /** Whether everybody on this machine can read {@code file}. */
    static boolean isOpenToAll(Path file) {
        try {
            return ((Integer) Files.getAttribute(file, "unix:mode") & OTHERS) != 0;
        } catch (IOException e) {
            return false; // Gone since it was read.
        }
    }
}
