package dev.portshare.os;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/** A file that is nothing but memory, and lives as long as a descriptor of it is open: memfd_create(2). */
public final class MemoryFile {
    private static final int MFD_CLOEXEC = 1;

    private MemoryFile() {}

    /** The descriptor of a new one, for the caller to close. */
    public static int create(String name) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            return LibC.call("memfd_create", arena.allocateFrom(name), MFD_CLOEXEC);
        }
    }

    /** Where Java can open the file of a descriptor, from its beginning. */
    public static Path path(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }
}
