package dev.portshare.config;

import java.nio.file.Path;

/** Reads directories that the program writes to. */
final class Paths {
    private Paths() {}

    /**
     * The directory that {@code word} says.
     *
     * @param base     what {@code ./} means
     * @param absolute an example for the user
     * @param relative another
     * @throws IllegalArgumentException saying what to write instead
     */
    static Path directory(String word, Path base, String absolute, String relative) {
        if (!word.startsWith("/") && !word.startsWith("./") || word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + word + "\" does not say where it lies; write " + absolute
                    + ", or " + relative + " for one beside this file");
        }
        return base.resolve(word).normalize();
    }
}
