package dev.portshare.listen;

import java.util.List;

/** Addresses that cannot be listened on. Its message has a line for each problem, which says why, and what to do about it. */
public final class ListenException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    ListenException(String problem) {
        this(List.of(problem));
    }

    ListenException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong, at least one. */
    public List<String> problems() {
        return problems;
    }
}
