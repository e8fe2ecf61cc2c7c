package dev.portshare.telemetry;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that the log is written to.
 *
 * @param rotation null: the file grows until somebody else moves it away
 */
public record LogFile(Path path, @Nullable Rotation rotation) {
    /**
     * When the file is moved away, and how many such are kept, under its name with {@code .1} (the youngest) to
     * {@code .keep} behind.
     *
     * @param size in bytes; a file is moved before it would grow beyond
     * @param keep at least 1
     */
    public record Rotation(long size, int keep) {
        public static final Rotation DEFAULTS = new Rotation(100L << 20, 7);
    }
}
