package dev.portshare.config;

import dev.portshare.route.Cidr;
import dev.portshare.route.CidrSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads lists of address blocks, and of files of them.
 *
 * @param directory what {@code ./} in one means
 * @param sources   gets each file that is read
 */
record BlockReader(Path directory, Sources sources) {
    /** The blocks of one entry or of a list of them. */
    CidrSet readAll(YamlValue value) {
        List<Cidr> found = new ArrayList<>();
        for (YamlValue entry : value.oneOrMore("a CIDR or a file")) {
            found.addAll(read(entry));
        }
        return CidrSet.of(found);
    }

    /** The blocks of one entry; none where it is a problem. */
    List<Cidr> read(YamlValue entry) {
        String word = entry.word("a CIDR or a file");
        if (word != null && (word.startsWith("/") || word.startsWith("./"))) {
            return file(entry, directory.resolve(word).normalize());
        }
        Cidr block = word == null ? null : entry.read("a CIDR", Cidr::parse);
        return block == null ? List.of() : List.of(block);
    }

    private List<Cidr> file(YamlValue entry, Path path) {
        try {
            return ListFile.read(path, sources, entry.problems(), Cidr::parse);
        } catch (IOException e) {
            entry.problem("cannot read " + path + ": " + e.getMessage());
            return List.of();
        }
    }
}
