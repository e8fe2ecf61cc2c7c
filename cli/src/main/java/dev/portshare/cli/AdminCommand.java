package dev.portshare.cli;

import dev.portshare.admin.AdminOptions;
import dev.portshare.cli.admin.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command that talks to a running instance. */
abstract class AdminCommand implements Callable<Integer> {
    @Option(
            names = "--admin",
            paramLabel = "PATH",
            description = "its admin socket (default: /run/portshare/admin.sock)")
    private Path socket = AdminOptions.DEFAULT_SOCKET;

    @Override
    public final Integer call() {
        try {
            return talk(new ControlClient(socket));
        } catch (IOException e) {
            System.err.println("portshare: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /**
     * Says what there is to say, and prints the answer.
     *
     * @return the exit code
     * @throws IOException with a message for the operator
     */
    abstract int talk(ControlClient instance) throws IOException;
}
