package dev.portshare.cli;

import dev.portshare.cli.admin.ControlClient;
import dev.portshare.cli.admin.TopLoop;
import java.io.IOException;
import java.time.InstantSource;
import picocli.CommandLine.Command;

/** {@code portshare top}. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Show the live connections or the routes of a running portshare, once a second.",
            "Keys: up, down select; 1 to 8 or left, right sort; x ends the selected connection, when you confirm;"
                    + " / searches; r shows routes, c connections; space pauses; q quits."
        },
        footer = {"", "Example: portshare top"})
final class Top extends AdminCommand {
    @Override
    int talk(ControlClient instance) throws IOException {
        new TopLoop(instance, InstantSource.system()).run();
        return ExitCode.OK;
    }
}
