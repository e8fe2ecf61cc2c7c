package dev.portshare.cli;

import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Problem;
import dev.portshare.config.RouteFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code portshare check FILE}: opens no port and connects nowhere. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Read a route file and print every problem in it.",
        footer = {"", "Example: portshare check /etc/portshare/portshare.yaml"})
final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the route file")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        try {
            var configuration = RouteFile.read(file);
            System.out.printf(
                    "%s: nothing wrong: %d listening address(es), %d route(s)%n",
                    file, configuration.listen().size(), configuration.routes().size());
            return ExitCode.OK;
        } catch (ConfigurationException e) {
            return print(e);
        }
    }

    /** Prints every problem, a line each. */
    static int print(ConfigurationException e) {
        for (Problem problem : e.problems()) {
            System.err.println(problem);
        }
        return ExitCode.USAGE;
    }
}
