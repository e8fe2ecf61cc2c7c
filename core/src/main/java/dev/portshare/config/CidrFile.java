package dev.portshare.config;

import dev.portshare.route.Cidr;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of address blocks: one CIDR a line, blank lines, and comments from {@code #} to the end of the line. */
final class CidrFile {
    private CidrFile() {}

    /**
     * The blocks in {@code path}. A line that is none becomes a problem of that file.
     *
     * @throws IOException whose message is all that there is to say to the user
     */
    static List<Cidr> read(Path path, Sources sources, Problems problems) throws IOException {
        List<Cidr> blocks = new ArrayList<>();
        int number = 0;
        for (String line : sources.read(path).split("\\R", -1)) {
            number++;
            int comment = line.indexOf('#');
            String text = comment < 0 ? line : line.substring(0, comment);
            if (text.isBlank()) {
                continue;
            }
            try {
                blocks.add(Cidr.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                int indent = text.length() - text.stripLeading().length();
                problems.add(new Problem(path.toString(), number, indent + 1, "", String.valueOf(e.getMessage())));
            }
        }
        return blocks;
    }
}
