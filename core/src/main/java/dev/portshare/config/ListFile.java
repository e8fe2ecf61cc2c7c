package dev.portshare.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A file of words: one a line, blank lines, and comments from {@code #} to the end of the line. */
final class ListFile {
    private ListFile() {}

    /**
     * What {@code parse} makes of the words in {@code path}. A line that is none becomes a problem of that file.
     *
     * @param parse throws IllegalArgumentException with a message for the user
     * @throws IOException whose message is all that there is to say to the user
     */
    static <T> List<T> read(Path path, Sources sources, Problems problems, Function<String, T> parse)
            throws IOException {
        List<T> entries = new ArrayList<>();
        int number = 0;
        for (String line : sources.read(path).split("\\R", -1)) {
            number++;
            int comment = line.indexOf('#');
            String text = comment < 0 ? line : line.substring(0, comment);
            if (text.isBlank()) {
                continue;
            }
            try {
                entries.add(parse.apply(text.strip()));
            } catch (IllegalArgumentException e) {
                int indent = text.length() - text.stripLeading().length();
                problems.add(new Problem(path.toString(), number, indent + 1, "", String.valueOf(e.getMessage())));
            }
        }
        return entries;
    }
}
