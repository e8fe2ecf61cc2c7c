package dev.portshare.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads lists of OpenVPN clients' own keys, each by the SHA-256 of its wrapped form, and of files of them.
 *
 * @param directory what {@code ./} in one means
 * @param sources   gets each file that is read
 */
record ClientKeyReader(Path directory, Sources sources) {
    private static final String EXPECTED = "the SHA-256 of a client key, or a file of them";
    private static final Pattern HASH = Pattern.compile("[0-9A-Fa-f]{64}");

    /** All the keys; what is a problem is none. */
    Set<String> read(YamlValue value) {
        Set<String> keys = new HashSet<>();
        for (YamlValue entry : value.oneOrMore(EXPECTED)) {
            String word = entry.word(EXPECTED);
            if (word != null && (word.startsWith("/") || word.startsWith("./"))) {
                keys.addAll(file(entry, directory.resolve(word).normalize()));
            } else if (word != null) {
                String key = entry.read(EXPECTED, ClientKeyReader::hash);
                if (key != null) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    private List<String> file(YamlValue entry, Path path) {
        try {
            return ListFile.read(path, sources, entry.problems(), ClientKeyReader::hash);
        } catch (IOException e) {
            entry.problem("cannot read " + path + ": " + e.getMessage());
            return List.of();
        }
    }

    private static String hash(String word) {
        if (!HASH.matcher(word).matches()) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no SHA-256 of a client key; write its 64 hexadecimal"
                            + " digits, or a file of such that begins with / or ./");
        }
        return word.toLowerCase(Locale.ROOT);
    }
}
