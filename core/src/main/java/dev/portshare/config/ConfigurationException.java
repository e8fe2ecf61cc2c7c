package dev.portshare.config;

import java.util.List;
import java.util.stream.Collectors;

/** A route file that cannot be obeyed. Its message has a line for each problem. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    ConfigurationException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong, at least one, in the order of the lines. */
    public List<Problem> problems() {
        return problems;
    }
}
