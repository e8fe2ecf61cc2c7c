package dev.portshare.cli;

import dev.portshare.cli.admin.ControlClient;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code portshare drain}: what TERM does. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            "Have a running portshare take no new connections, wait for the live ones to end (timeouts.drain), and"
                    + " end.",
            "Returns at once; portshare status says how many are left. Under systemd, say systemctl stop portshare"
                    + " instead: it would be started again."
        },
        footer = {"", "Example: portshare drain"})
final class Drain extends AdminCommand {
    @Override
    int talk(ControlClient instance) throws IOException {
        ControlClient.Answer answer = instance.ask("POST", "/api/drain");
        if (answer.status() != 202) {
            throw new IOException(
                    "the answer is " + answer.status() + ": " + answer.body().strip());
        }
        return ExitCode.OK;
    }
}
