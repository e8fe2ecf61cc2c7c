package dev.portshare.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** What was found wrong in one route file, and in the files that it names. */
final class Problems {
    private final String file;
    /** A set: a file of addresses that two routes name is read twice. */
    private final Set<Problem> found = new LinkedHashSet<>();

    Problems(String file) {
        this.file = file;
    }

    /** Notes a problem of the route file; {@code mark} counts lines and columns from 0. */
    void add(Optional<Mark> mark, String path, String message) {
        add(mark.map(m -> new Problem(file, m.getLine() + 1, m.getColumn() + 1, path, message))
                .orElseGet(() -> new Problem(file, 0, 0, path, message)));
    }

    void add(Problem problem) {
        found.add(problem);
    }

    int count() {
        return found.size();
    }

    List<Problem> inOrder() {
        return found.stream().sorted(Problem.IN_ORDER).toList();
    }
}
