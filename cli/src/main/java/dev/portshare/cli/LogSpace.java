package dev.portshare.cli;

import dev.portshare.config.Configuration;
import dev.portshare.config.Finding;
import dev.portshare.config.Severity;
import dev.portshare.telemetry.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether this machine has room for all that the log may keep. */
final class LogSpace {
    /** How large the file system is that a folder is on, in bytes. */
    @FunctionalInterface
    interface Disk {
        long size(Path folder) throws IOException;
    }

    private LogSpace() {}

    /** A warning where the old files and the one that is written may be more than the whole file system holds. */
    static List<Finding> findings(Configuration configuration) {
        return findings(configuration, folder -> Files.getFileStore(folder).getTotalSpace());
    }

    static List<Finding> findings(Configuration configuration, Disk disk) {
        LogFile file = configuration.log().file();
        LogFile.Rotation rotation = file == null ? null : file.rotation();
        Path folder = file == null ? null : file.path().getParent();
        // On a machine that the file is not for, the folder is not there as a rule.
        if (rotation == null || folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            int files = rotation.keep() + 1;
            long has = disk.size(folder);
            // By division: their product may be beyond what a long holds.
            if (has <= 0 || rotation.size() <= has / files) {
                return List.of();
            }
            return List.of(new Finding(
                    Severity.WARNING,
                    "log.rotate",
                    files + " files of " + mebibytes(rotation.size())
                            + " (the log, and \"keep\" old ones) do not fit into "
                            + mebibytes(has) + ", which is all that there is at " + folder
                            + "; lower size or keep (--offline leaves out what depends on this machine)"));
        } catch (IOException _) {
            return List.of(); // Not to be told.
        }
    }

    private static String mebibytes(long bytes) {
        return bytes < 1 << 20 ? (bytes >> 10) + "KiB" : (bytes >> 20) + "MiB";
    }
}
