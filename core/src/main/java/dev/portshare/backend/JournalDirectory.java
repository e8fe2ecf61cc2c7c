package dev.portshare.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A directory with one file for each live connection of one or more routes; all event loops share it. A file belongs to the connection
 * that has claimed its name: no two may have one, and what nobody has claimed may be {@link #sweep swept} away.
 */
final class JournalDirectory {
    private static final Logger LOG = LogManager.getLogger(JournalDirectory.class);

    /** Whoever could put a link there in the place of a file would have this process write to somewhere else. */
    private static final Set<OpenOption> ANEW = Set.of(
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);

    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");
    private static final FileAttribute<Set<PosixFilePermission>> CREATED = PosixFilePermissions.asFileAttribute(MODE);

    private final Path path;
    private final String prefix;
    private final Map<String, Boolean> claimed = new ConcurrentHashMap<>();
    private final Sparingly warnings = new Sparingly();
    /** Whether this process may not create a file with that mode: it takes one call more. */
    private final boolean needsChmod = Umask.takes(MODE);

    private boolean swept;
    private volatile boolean handsOn;

    JournalDirectory(Path path) {
        this.path = path;
        this.prefix = path + "/";
    }

    /** Makes it where it is missing, and tells why it cannot be used, with the remedy. */
    void check(Consumer<String> problem) {
        try {
            JournalRemedies.makeAndCheck(path);
        } catch (IOException e) {
            problem.accept(e.getMessage());
        }
    }

    /** Has nobody else write or remove the file {@code name} until it is {@link #remove removed}; false where somebody has already. */
    boolean claim(String name) {
        return claimed.putIfAbsent(name, true) == null;
    }

    /**
     * Writes the file {@code name}, which is claimed; false where that cannot be: then there is none.
     *
     * @param text ASCII
     */
    boolean write(String name, String text) {
        Path file = Path.of(prefix + name);
        try (SeekableByteChannel channel = Files.newByteChannel(file, ANEW, CREATED)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            if (needsChmod) {
                Files.setPosixFilePermissions(file, MODE);
            }
            return true;
        } catch (IOException e) {
            if (warnings.mayWarn()) {
                LOG.warn(
                        "{} Connections go on, but their backend is not told whose they are.",
                        JournalRemedies.of(path, e));
            }
            // Rather none than one that says nothing.
            var _ = file.toFile().delete();
            return false;
        }
    }

    /** Whether there is a file {@code name} that says {@code text}. */
    boolean says(String name, String text) {
        try {
            return Arrays.equals(Files.readAllBytes(Path.of(prefix + name)), text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            return false;
        }
    }

    /** Removes the file {@code name}, if it is there, and gives up the claim. */
    void remove(String name) {
        Path file = Path.of(prefix + name);
        // Not by Files, which asks first what it is.
        if (!file.toFile().delete() && Files.exists(file) && warnings.mayWarn()) {
            LOG.warn("journal {}: cannot remove {}, whose connection has ended. Remove it.", path, name);
        }
        claimed.remove(name);
    }

    /** Gives up the claim; there is no such file. */
    void leave(String name) {
        claimed.remove(name);
    }

    /** Leaves the file to another process; from now on, whose the files here are is that one's to know. */
    void handOn(String name) {
        handsOn = true;
        claimed.remove(name);
    }

    /** Removes what an earlier process has left here, once; nothing that is not of a journal's naming. */
    synchronized void sweep() {
        if (swept) {
            return;
        }
        swept = true;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (JournalText.isName(name) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    // While this runs, nobody can claim it.
                    claimed.compute(name, (_, mine) -> {
                        if (mine == null && !handsOn && !file.toFile().delete() && warnings.mayWarn()) {
                            LOG.warn(
                                    "journal {}: cannot remove {}, which an earlier process left. Remove it.",
                                    path,
                                    name);
                        }
                        return mine;
                    });
                }
            }
        } catch (IOException e) {
            LOG.warn("{} What earlier processes left there stays.", JournalRemedies.of(path, e));
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
