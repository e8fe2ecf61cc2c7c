package dev.portshare.cli;

import dev.portshare.cli.demo.LiveLines;
import dev.portshare.cli.demo.Stage;
import dev.portshare.listen.ListenException;
import java.io.IOException;
import java.io.PrintStream;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/** {@code portshare demo}: shows what portshare does, on this machine alone. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Show what portshare does: one port of this machine, and behind it a web page, another one under its own"
                    + " name, and a stand-in for an OpenVPN server. Prints the commands to try, and a line for each"
                    + " connection.",
            "Nobody else can reach it, and it leaves nothing behind. Ctrl-C ends it."
        },
        footer = {"", "Example: portshare demo --port 4433"})
final class Demo implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", description = "where to listen (default: a free port)")
    private int port;

    @Override
    public Integer call() {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port " + port + ": write a number from 1 to 65535");
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        for (String signal : List.of("INT", "TERM", "HUP")) {
            Signal.handle(new Signal(signal), _ -> ended.complete(null));
        }
        Clock clock = Clock.system(ZoneId.systemDefault());
        PrintStream out = System.out;
        try (LiveLines lines = new LiveLines(out::println, clock);
                Stage stage = Stage.open(port, lines, clock)) {
            out.print(stage.introduction());
            out.flush();
            ended.join();
            return ExitCode.OK;
        } catch (ListenException | IOException | GeneralSecurityException e) {
            System.err.println("portshare: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }
}
