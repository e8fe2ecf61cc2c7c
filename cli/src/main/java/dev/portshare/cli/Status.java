package dev.portshare.cli;

import dev.portshare.cli.admin.ControlClient;
import dev.portshare.cli.admin.RouteLines;
import dev.portshare.cli.admin.StatusLines;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import picocli.CommandLine.Command;

/** {@code portshare status}: one screen. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show on one screen what a running portshare does.",
        footer = {"", "Example: portshare status"})
final class Status extends AdminCommand {
    private static final int ROUTES = 12;

    @Override
    int talk(ControlClient instance) throws IOException {
        Instant now = InstantSource.system().instant();
        StatusLines.of(instance.get("/api/status"), now).forEach(System.out::println);
        System.out.println();
        var routes = RouteLines.of(instance.get("/api/routes"), now);
        routes.stream().limit(ROUTES + 1L).forEach(System.out::println);
        if (routes.size() > ROUTES + 1) {
            System.out.println("and " + (routes.size() - ROUTES - 1) + " more: portshare routes");
        }
        return ExitCode.OK;
    }
}
