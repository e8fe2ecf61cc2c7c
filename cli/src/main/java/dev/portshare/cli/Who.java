package dev.portshare.cli;

import dev.portshare.admin.WhoAddress;
import dev.portshare.cli.admin.ControlClient;
import dev.portshare.cli.admin.WhoLines;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portshare who}: from what a backend's log says to the client, and back. */
@Command(
        name = "who",
        mixinStandardHelpOptions = true,
        description = {
            "Tell which client stands behind an address that a backend sees, and where its connections go.",
            "ADDRESS is what the backend's log says, with or without the port; or the client's own, to learn what its"
                    + " backends see. Exit code 1 where nothing is known of it."
        },
        footer = {"", "Example: portshare who 127.77.3.9:45776"})
final class Who extends AdminCommand {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ADDRESS", description = "such as 127.77.3.9:45776, 203.0.113.9 or [2001:db8::7]:45776")
    private String address = "";

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    int talk(ControlClient instance) throws IOException {
        WhoAddress asked = asked();
        ControlClient.Answer answer =
                instance.ask("GET", "/api/who?address=" + URLEncoder.encode(asked.toString(), StandardCharsets.UTF_8));
        if (answer.status() != 200) {
            throw new IOException(
                    "the answer is " + answer.status() + ": " + answer.body().strip());
        }
        List<String> lines = WhoLines.of(answer.report());
        if (json) {
            System.out.print(answer.body());
        } else if (lines.isEmpty()) {
            System.err.println("portshare: " + asked + " is nobody's: no live connection has it on either side, and it"
                    + " stands for no client. Of those that have ended, the log tells.");
        } else {
            lines.forEach(System.out::println);
        }
        return lines.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }

    private WhoAddress asked() {
        try {
            return WhoAddress.parse(address);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
