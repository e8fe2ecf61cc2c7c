package dev.portshare.cli;

import dev.portshare.config.Problem;
import dev.portshare.config.Severity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How problems are printed; the constants are the words of the command line. */
enum ProblemFormat {
    /** {@code FILE:LINE:COLUMN: PATH: what is wrong; what to write instead}, for people and editors. */
    text {
        @Override
        String line(Problem problem) {
            return problem.toString();
        }
    },
    /** A JSON object a line, for programs. */
    json {
        @Override
        String line(Problem problem) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("severity", problem.severity().toString());
            object.put("file", problem.file());
            object.put("line", problem.line() == 0 ? null : problem.line());
            object.put("column", problem.column() == 0 ? null : problem.column());
            object.put("path", problem.path());
            object.put("message", problem.message());
            return Json.write(object);
        }
    },
    /** A workflow command of GitHub Actions a line, which shows the problem beside the changed line. */
    github {
        @Override
        String line(Problem problem) {
            String place = problem.line() == 0 ? "" : ",line=" + problem.line() + ",col=" + problem.column();
            return "::" + command(problem.severity()) + " file=" + property(problem.file()) + place + "::"
                    + data(problem.text());
        }
    };

    /** {@code problem} on one line, without its end. */
    abstract String line(Problem problem);

    private static String command(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case ADVICE -> "notice";
        };
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
