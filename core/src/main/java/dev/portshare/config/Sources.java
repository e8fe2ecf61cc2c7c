package dev.portshare.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a configuration is made of: the route file and those that it names, also where they could not be read. For
 * one thread at a time.
 */
public final class Sources {
    private final Map<Path, State> files = new LinkedHashMap<>();

    /** What changes when a file is written or replaced; a file that is not there has none of it. */
    private record State(
            @Nullable FileTime modified,
            long size,
            @Nullable Object inode) {
        static State of(Path path) {
            try {
                var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                return new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (IOException e) {
                return new State(null, 0, null);
            }
        }
    }

    /**
     * The text of {@code path}, which is one of these files from now on.
     *
     * @throws IOException whose message is all that there is to say to the user
     */
    String read(Path path) throws IOException {
        // First: whatever is written from here on is a change.
        files.put(path, State.of(path));
        return TextFile.read(path);
    }

    public Set<Path> paths() {
        return Collections.unmodifiableSet(files.keySet());
    }

    /** Whether one of the files is not as it was when it was read. */
    public boolean haveChanged() {
        return files.entrySet().stream().anyMatch(file -> !Objects.equals(file.getValue(), State.of(file.getKey())));
    }
}
