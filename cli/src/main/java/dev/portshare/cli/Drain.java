package dev.portshare.cli;

import dev.portshare.cli.admin.ControlClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portshare drain}: what TERM does; or the same for one backend. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            "Have a running portshare take no new connections, wait for the live ones to end (timeouts.drain), and"
                    + " end.",
            "Returns at once; portshare status says how many are left. Under systemd, say systemctl stop portshare"
                    + " instead: it would be started again.",
            "With BACKEND, one of several of a route, that backend alone gets no new connections; nothing ends."
        },
        footer = {
            "",
            "Examples: portshare drain",
            "          portshare drain 10.0.0.5:443",
            "          portshare drain --undo 10.0.0.5:443"
        })
final class Drain extends AdminCommand {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "BACKEND", arity = "0..1", description = "as the route file has it, such as 10.0.0.5:443")
    private @Nullable String backend;

    @Option(names = "--undo", description = "BACKEND gets new connections again")
    private boolean undo;

    @Override
    int talk(ControlClient instance) throws IOException {
        if (backend == null && undo) {
            throw new ParameterException(
                    spec.commandLine(), "--undo is for a backend; a portshare that drains ends, start it anew");
        }
        ControlClient.Answer answer = instance.ask("POST", backend == null ? "/api/drain" : path(backend));
        switch (answer.status()) {
            case 202 -> {}
            case 200 -> System.out.println(answer.body().strip());
            case 409 -> throw new IOException(answer.body().strip());
            default ->
                throw new IOException("the answer is " + answer.status() + ": "
                        + answer.body().strip());
        }
        return ExitCode.OK;
    }

    private String path(String backend) {
        return "/api/drain?backend=" + URLEncoder.encode(backend, StandardCharsets.UTF_8) + (undo ? "&undo=true" : "");
    }
}
