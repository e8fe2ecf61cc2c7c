package dev.portshare.cli;

import dev.portshare.Heartbeat;
import dev.portshare.Portshare;
import dev.portshare.Reloading;
import dev.portshare.admin.AdminOptions;
import dev.portshare.cli.log.Log;
import dev.portshare.cli.log.LogProvider;
import dev.portshare.cli.log.RunningLog;
import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.listen.ListenException;
import dev.portshare.os.User;
import dev.portshare.os.UserException;
import dev.portshare.route.Source;
import dev.portshare.systemd.NotifySocket;
import dev.portshare.systemd.PassedSockets;
import dev.portshare.telemetry.LogOptions.Format;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code portshare run}: serves until it is told to stop. What the command line may say stands in code rather than in
 * annotations, since reading those took a third of the time to start.
 */
final class Run implements Callable<Integer> {
    /** How long whoever reads the log may keep the program from ending. */
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(5);
    /** From the start to the warnings. */
    private static final Duration WARNING_DELAY = Duration.ofSeconds(3);

    private static final List<String> FORMATS = List.of("text", "json");

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("run");
    private final RouteOptions routes = new RouteOptions();
    private final OptionSpec loops = OptionSpec.builder("--loops")
            .paramLabel("N")
            .description("event loops, each a thread (default: one a core)")
            .type(int.class)
            .initialValue(Runtime.getRuntime().availableProcessors())
            .order(100)
            .build();
    private final OptionSpec user = OptionSpec.builder("--user")
            .paramLabel("NAME")
            .description("the user to become once the ports are open, where root starts it and no systemd")
            .type(String.class)
            .order(101)
            .build();
    private final OptionSpec logFormat = OptionSpec.builder("--log-format")
            .paramLabel("text|json")
            .description("how the lines of the log look (default: text, or what the route file says)")
            .type(String.class)
            .completionCandidates(FORMATS)
            .order(102)
            .build();
    private final OptionSpec admin = OptionSpec.builder("--admin")
            .paramLabel("PATH")
            .description("the socket for portshare status, top, routes, reload and drain (default: none)")
            .type(String.class)
            .order(103)
            .build();

    /** The command with its options. */
    static CommandSpec command() {
        Run run = new Run();
        Main.addHelp(run.spec);
        run.spec.addOption(run.loops);
        run.spec.addOption(run.user);
        run.spec.addOption(run.logFormat);
        run.spec.addOption(run.admin);
        run.spec
                .usageMessage()
                .sortOptions(false)
                .description(
                        "Serve, until TERM or INT; then let live connections end (timeouts.drain). A second INT ends at"
                                + " once. HUP reads the route file anew.")
                .footer("", "Example: portshare run --listen 443 --openvpn 127.0.0.1:1194 --otherwise 127.0.0.1:8443");
        run.routes.addTo(run.spec);
        return run.spec;
    }

    @Override
    public Integer call() {
        int loopCount = loops.getValue();
        if (loopCount < 1 || loopCount > 1024) {
            throw new ParameterException(
                    spec.commandLine(), "--loops " + loopCount + ": write a number from 1 to 1024");
        }
        String format = logFormat.getValue();
        if (format != null && !FORMATS.contains(format)) {
            throw new ParameterException(spec.commandLine(), "--log-format " + format + ": write text or json");
        }
        Configuration configuration;
        try {
            configuration = routes.configuration(spec, true);
        } catch (ConfigurationException e) {
            return Check.print(e);
        }
        User becomes = null;
        try {
            String name = user.getValue();
            if (name != null) {
                becomes = User.named(name);
            }
        } catch (UserException e) {
            throw new ParameterException(spec.commandLine(), "--user: " + e.getMessage());
        }
        AdminOptions administered = administered(configuration.admin());
        Log log = new Log(InstantSource.system());
        LogProvider.leadTo(log);
        try {
            RunningLog running = new RunningLog(log, configuration.log(), format());
            if (becomes == null) {
                running.start();
            }
            serve(configuration, loopCount, becomes, administered, running);
            return ExitCode.OK;
        } catch (ListenException e) {
            for (String problem : e.problems()) {
                System.err.println("portshare: " + problem);
            }
            return ExitCode.FAILED;
        } catch (UserException | IOException e) {
            System.err.println("portshare: " + e.getMessage());
            return ExitCode.FAILED;
        } finally {
            log.end(LOG_PATIENCE);
        }
    }

    /** What the command line says of the log; null where it says nothing. */
    private @Nullable Format format() {
        String format = logFormat.getValue();
        return format == null ? null : format.equals("json") ? Format.JSON : Format.TEXT;
    }

    /** What the route file says, with the socket that the command line names. */
    private @Nullable AdminOptions administered(@Nullable AdminOptions options) {
        String path = admin.getValue();
        if (path == null) {
            return options;
        }
        try {
            AdminOptions given = AdminOptions.at(AdminOptions.socket(path));
            return options == null ? given : new AdminOptions(given.socket(), options.mode(), options.http());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--admin " + path + ": " + e.getMessage());
        }
    }

    private void serve(
            Configuration configuration,
            int loopCount,
            @Nullable User becomes,
            @Nullable AdminOptions administered,
            RunningLog log)
            throws ListenException, UserException, IOException {
        Logger logger = LogManager.getLogger(Run.class);
        try (Portshare portshare = Portshare.bind(configuration, loopCount, log.connections());
                Heartbeat heartbeat = Heartbeat.of(portshare.telemetry(), System.getenv());
                Administration administration =
                        administered == null ? null : Administration.start(administered, portshare, log);
                Reloading reloading = new Reloading(
                        portshare,
                        routes.file(),
                        routes.sources(),
                        log,
                        administration == null ? heartbeat : heartbeat.and(administration))) {
            if (administration != null) {
                administration.reloading(reloading);
            }
            if (becomes != null) {
                if (administered != null && administered.socket() != null) {
                    becomes.own(administered.socket());
                }
                portshare.prepareFor(becomes);
                // Read now, for the times in the log: afterwards Java's own files may be out of reach.
                var _ = ZoneId.systemDefault().getRules();
                becomes.become(configuration.allRoutes().stream()
                        .anyMatch(route -> route.source() instanceof Source.Transparent));
                // Only now: what root opened, this user could neither rotate nor open again for a reload.
                log.start();
            }
            portshare.serve();
            takeOver(portshare, logger);
            portshare.sweep();
            CompletableFuture<Void> ended = StopSignals.install(portshare, heartbeat, reloading, log);
            portshare.addresses().forEach(address -> logger.info("listening on {}", address));
            heartbeat.start();
            if (routes.mayOverlap()) {
                // A thread of its own, where a bug in it ends nothing else.
                Thread.ofPlatform().daemon().name("warnings").start(() -> warn(configuration, ended, logger));
            }
            ended.join();
        }
        logger.info("stopped");
    }

    /** Goes on with the connections that the process before handed on, where it did. */
    private static void takeOver(Portshare portshare, Logger logger) {
        List<Integer> sockets = PassedSockets.ofThisProcess().connections();
        NotifySocket manager = sockets.isEmpty() ? null : NotifySocket.of(System.getenv());
        for (int socket : sockets) {
            logger.info("took over {} connection(s) of the process before", portshare.takeOver(socket));
        }
        if (manager != null) {
            manager.forget(PassedSockets.CONNECTIONS);
        }
    }

    /** Not at once: the first clients, who have waited for the start, want the processors. */
    private void warn(Configuration configuration, CompletableFuture<Void> ended, Logger logger) {
        try {
            ended.get(WARNING_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            Warnings.of(routes.file(), configuration).forEach(logger::warn);
        } catch (InterruptedException | ExecutionException _) {
            // It ends: nobody waits for warnings any more.
        }
    }
}
