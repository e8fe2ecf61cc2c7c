package dev.portshare.cli;

import dev.portshare.cli.admin.ControlClient;
import dev.portshare.cli.admin.RouteLines;
import java.io.IOException;
import java.time.InstantSource;
import picocli.CommandLine.Command;

/** {@code portshare routes}. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description =
                "Show the routes of a running portshare: how many connections each took, when the last, and whether"
                        + " its backend answered.",
        footer = {"", "Example: portshare routes"})
final class Routes extends AdminCommand {
    @Override
    int talk(ControlClient instance) throws IOException {
        RouteLines.of(instance.get("/api/routes"), InstantSource.system().instant())
                .forEach(System.out::println);
        return ExitCode.OK;
    }
}
