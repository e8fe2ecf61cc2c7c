package dev.portshare.cli;

import dev.portshare.cli.admin.ControlClient;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code portshare reload}: returns when the new route file is in force, or refused. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Have a running portshare read its route file anew.",
            "Returns when the file is in force, and prints what in it is surely not meant. Where anything in it is"
                    + " wrong, all of that is printed, nothing changes, and the exit code is 2."
        },
        footer = {"", "Example: portshare reload"})
final class ReloadRoutes extends AdminCommand {
    @Override
    int talk(ControlClient instance) throws IOException {
        ControlClient.Answer answer = instance.ask("POST", "/api/reload");
        if (answer.status() != 200 && answer.status() != 422) {
            throw new IOException(
                    "the answer is " + answer.status() + ": " + answer.body().strip());
        }
        List<String> problems = answer.report().texts("problems");
        problems.forEach(System.err::println);
        if (problems.isEmpty()) {
            System.out.println(answer.report().text("summary"));
            answer.report().texts("warnings").forEach(System.err::println);
            return ExitCode.OK;
        }
        return ExitCode.USAGE;
    }
}
