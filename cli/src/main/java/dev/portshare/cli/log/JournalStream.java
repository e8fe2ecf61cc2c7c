package dev.portshare.cli.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;

/** systemd's journal as the reader of standard output. */
final class JournalStream {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private JournalStream() {}

    /**
     * Whether the journal reads standard output: the service manager says which file it connected (systemd.exec(5)), and
     * standard output may have been led elsewhere since.
     *
     * @param variable {@code $JOURNAL_STREAM}: device and inode with a colon between; null where it is not set
     */
    static boolean reads(@Nullable String variable) {
        return variable != null && variable.equals(fileOf(STANDARD_OUTPUT));
    }

    private static String fileOf(Path path) {
        try {
            return Files.getAttribute(path, "unix:dev") + ":" + Files.getAttribute(path, "unix:ino");
        } catch (IOException _) {
            return "";
        }
    }

    /** What the journal takes off the front of a line, sd-daemon(3). */
    static String priority(Level level) {
        if (level.isMoreSpecificThan(Level.ERROR)) {
            return "<3>";
        }
        if (level == Level.WARN) {
            return "<4>";
        }
        return level == Level.INFO ? "<6>" : "<7>";
    }
}
