package dev.portshare.cli.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** The lines of a stack trace. */
final class StackTrace {
    private StackTrace() {}

    /**
     * What Java prints, in which every line but the first begins with a tab or with "Caused by": a message with more lines
     * cannot pass for lines of the log.
     */
    static List<String> of(Throwable thrown) {
        StringWriter printed = new StringWriter();
        thrown.printStackTrace(new PrintWriter(printed));
        List<String> lines = new ArrayList<>();
        printed.toString().stripTrailing().lines().forEach(line -> {
            boolean isOfTheTrace = lines.isEmpty() || line.startsWith("\t") || line.startsWith("Caused by: ");
            lines.add(isOfTheTrace ? line : "\t" + line);
        });
        return lines;
    }
}
