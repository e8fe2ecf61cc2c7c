package dev.portshare.cli;

import dev.portshare.Portshare;
import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.listen.ListenException;
import dev.portshare.telemetry.AccessLog;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code portshare run}: serves until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Serve, until TERM or INT; then let live connections end (timeouts.drain). A second INT ends at once.",
        footer = {"", "Example: portshare run --listen 443 --openvpn 127.0.0.1:1194 --otherwise 127.0.0.1:8443"})
final class Run implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RouteOptions routes;

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "event loops, each a thread (default: one a core)",
            order = 100)
    private int loops = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() {
        if (loops < 1 || loops > 1024) {
            throw new ParameterException(spec.commandLine(), "--loops " + loops + ": write a number from 1 to 1024");
        }
        Configuration configuration;
        try {
            configuration = routes.configuration(spec, true);
        } catch (ConfigurationException e) {
            return Check.print(e);
        }
        Logging.begin();
        try {
            return serve(configuration);
        } catch (ListenException e) {
            System.err.println("portshare: " + e.getMessage());
            return ExitCode.FAILED;
        } finally {
            Logging.end();
        }
    }

    private int serve(Configuration configuration) throws ListenException {
        Logger log = LogManager.getLogger(Run.class);
        try (Portshare portshare = Portshare.start(configuration, loops, new AccessLog())) {
            CompletableFuture<Void> ended =
                    StopSignals.install(portshare, configuration.timeouts().drain());
            portshare.addresses().forEach(address -> log.info("listening on {}", address));
            ended.join();
        }
        log.info("stopped");
        return ExitCode.OK;
    }
}
