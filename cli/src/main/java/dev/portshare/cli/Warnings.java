package dev.portshare.cli;

import dev.portshare.config.Configuration;
import dev.portshare.config.Problem;
import dev.portshare.config.Review;
import dev.portshare.config.Severity;
import dev.portshare.route.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a configuration says and surely does not mean. Host names are not looked up. */
final class Warnings {
    /** How a finding speaks of a route. */
    private static final Pattern NUMBERED = Pattern.compile("routes\\[(?<number>[0-9]+)](\\.[.a-z]+| \\([^)]+\\))?");

    private Warnings() {}

    /**
     * The warnings about {@code configuration}, a line each.
     *
     * @param file that it was read from; null: it is of route options
     */
    static List<String> of(@Nullable Path file, Configuration configuration) {
        if (file != null) {
            return Review.warnings(file, configuration).stream()
                    .map(Problem::toString)
                    .toList();
        }
        return Review.of(configuration).stream()
                .filter(finding -> finding.severity() == Severity.WARNING)
                .map(finding -> named(configuration.routes(), finding.path() + ": " + finding.message()))
                .toList();
    }

    /** {@code text} with names in place of numbers, which no option has. */
    private static String named(List<Route> routes, String text) {
        return NUMBERED.matcher(text)
                .replaceAll(route -> Matcher.quoteReplacement(
                        routes.get(Integer.parseInt(route.group("number"))).name()));
    }
}
