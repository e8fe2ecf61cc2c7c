package dev.portshare.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The files that a configuration is made of: the route file and those that it names, also where they could not be read. For
 * one thread at a time.
 */
public final class Sources {
    /** What changes when a file is written, replaced, or may be read by others. */
    private static final String STATE = "unix:ctime,size,ino,dev";

    /** The state of each before it was read; nothing of one that was not there. */
    private final Map<Path, Map<String, Object>> files = new LinkedHashMap<>();

    /**
     * The text of {@code path}, which is one of these files from now on.
     *
     * @throws IOException whose message is all that there is to say to the user
     */
    String read(Path path) throws IOException {
        // First: whatever is written from here on is a change.
        files.put(path, state(path));
        return TextFile.read(path);
    }

    private static Map<String, Object> state(Path path) {
        try {
            return Files.readAttributes(path, STATE);
        } catch (IOException e) {
            return Map.of();
        }
    }

    public Set<Path> paths() {
        return Collections.unmodifiableSet(files.keySet());
    }

    /** Whether one of the files is not as it was when it was read. */
    public boolean haveChanged() {
        return files.entrySet().stream().anyMatch(file -> !file.getValue().equals(state(file.getKey())));
    }
}
