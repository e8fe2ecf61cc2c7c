package dev.portshare.config;

import java.util.Comparator;

/**
 * Something wrong in a file, where it stands, and what to write instead.
 *
 * @param severity what becomes of the file
 * @param file    as the reader of the message knows it
 * @param line    from 1; 0 where the file as a whole is meant
 * @param column  from 1, in characters; 0 where the file as a whole is meant
 * @param path    the place in the document, such as {@code routes[2].when.protocol}; empty: the whole of it
 * @param message what is wrong; what to write instead
 */
public record Problem(Severity severity, String file, int line, int column, String path, String message) {
    /** In the order of the lines. */
    static final Comparator<Problem> IN_ORDER =
            Comparator.comparing(Problem::file).thenComparingInt(Problem::line).thenComparingInt(Problem::column);

    /** Replaces control characters: a list of addresses may be a download, and a terminal would obey it. */
    public Problem {
        path = path.replaceAll("\\p{Cc}", "?");
        message = message.replaceAll("\\p{Cc}", "?");
    }

    /** An error. */
    public Problem(String file, int line, int column, String path, String message) {
        this(Severity.ERROR, file, line, column, path, message);
    }

    /** A problem of {@code file} as a whole. */
    static Problem of(String file, String message) {
        return new Problem(file, 0, 0, "", message);
    }

    /** {@code FILE:LINE:COLUMN: PATH: MESSAGE}, without what is unknown; what is no error says so in front of the path. */
    @Override
    public String toString() {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        String kind = severity == Severity.ERROR ? "" : severity + ": ";
        return place + ": " + kind + text();
    }

    /** {@code PATH: MESSAGE}. */
    public String text() {
        return path.isEmpty() ? message : path + ": " + message;
    }
}
