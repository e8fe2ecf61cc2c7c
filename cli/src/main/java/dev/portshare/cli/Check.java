package dev.portshare.cli;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Finding;
import dev.portshare.config.Places;
import dev.portshare.config.Problem;
import dev.portshare.config.Review;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portshare check FILE}: opens no port and connects nowhere. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Read a route file and print every problem in it: errors, which keep it from being used; warnings, such as"
                    + " a route that can never be reached; and advice.",
            "Exit code 2: an error (with --strict, or a warning). Otherwise 0."
        },
        footer = {"", "Example: portshare check /etc/portshare/portshare.yaml"})
final class Check implements Callable<Integer> {
    /** How long the look-ups of host names may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "the route file")
    private @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text (default), to standard error; json or github (workflow commands), to standard output")
    private ProblemFormat format = ProblemFormat.text;

    @Option(names = "--strict", description = "a warning counts as an error")
    private boolean strict;

    @Option(
            names = "--offline",
            description = "leave out what depends on this machine: host names, the size of its disk")
    private boolean offline;

    @Option(names = "--schema", description = "print the JSON schema of route files, for editors, instead")
    private boolean schema;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (schema) {
            try (InputStream in = RouteFile.schema()) {
                in.transferTo(System.out);
            }
            return ExitCode.OK;
        }
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "no FILE: give the route file to check");
        }
        return check(file);
    }

    private int check(Path file) throws InterruptedException {
        try {
            String yaml = RouteFile.text(file);
            Configuration configuration = RouteFile.parse(file, yaml);
            List<Finding> findings = new ArrayList<>(Review.of(configuration));
            if (!offline) {
                findings.addAll(HostLookups.findings(configuration, PATIENCE));
                findings.addAll(LogSpace.findings(configuration));
            }
            List<Problem> problems = new Places(file.toString(), yaml).of(findings);
            print(problems, format);
            if (format == ProblemFormat.text) {
                System.out.printf(
                        "%s: %s: %d listening address(es), %d route(s)%n",
                        file,
                        summary(problems),
                        configuration.listen().size(),
                        configuration.routes().size());
            }
            return strict && count(problems, Severity.WARNING) > 0 ? ExitCode.USAGE : ExitCode.OK;
        } catch (ConfigurationException e) {
            print(e.problems(), format);
            return ExitCode.USAGE;
        }
    }

    private static String summary(List<Problem> problems) {
        long warnings = count(problems, Severity.WARNING);
        return warnings == 0 ? "nothing wrong" : "no error, " + warnings + (warnings == 1 ? " warning" : " warnings");
    }

    private static long count(List<Problem> problems, Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .count();
    }

    /** Prints every problem, a line each. */
    static int print(ConfigurationException e) {
        return print(e.problems());
    }

    /** Prints {@code problems}, a line each. */
    static int print(List<Problem> problems) {
        print(problems, ProblemFormat.text);
        return ExitCode.USAGE;
    }

    private static void print(List<Problem> problems, ProblemFormat format) {
        PrintStream stream = format == ProblemFormat.text ? System.err : System.out;
        problems.forEach(problem -> stream.println(format.line(problem)));
    }
}
