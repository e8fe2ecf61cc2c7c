package dev.portshare.cli;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The program's entry. */
public final class Main implements Runnable {
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("run", Run::command);
        COMMANDS.put("check", Check::new);
        COMMANDS.put("explain", Explain::command);
        COMMANDS.put("import", Import::new);
        COMMANDS.put("doctor", Doctor::command);
        COMMANDS.put("demo", Demo::new);
        COMMANDS.put("status", Status::new);
        COMMANDS.put("top", Top::new);
        COMMANDS.put("routes", Routes::new);
        COMMANDS.put("who", Who::new);
        COMMANDS.put("reload", ReloadRoutes::new);
        COMMANDS.put("drain", Drain::new);
    }

    private final CommandSpec spec =
            CommandSpec.wrapWithoutInspection(this).name("portshare").versionProvider(new Version());

    private Main() {
        addHelp(spec);
        spec.usageMessage()
                .description(
                        "One port, many services: listens on 443, tells OpenVPN from TLS by the first bytes of each"
                                + " connection, and passes it on to the matching server.",
                        "",
                        "Without a command it runs: portshare --listen 443 --openvpn 127.0.0.1:1194 --otherwise"
                                + " 127.0.0.1:8443")
                .synopsisSubcommandLabel("COMMAND")
                .footer("", "portshare COMMAND --help tells more of a command.");
    }

    /** The command line with every command: man page and completion are made from it. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main().spec);
        COMMANDS.forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
        commandLine.getSubcommands().values().forEach(command -> reveal(command.getCommandSpec()));
        return commandLine;
    }

    /** Shows the options that the help has no room for. */
    private static void reveal(CommandSpec command) {
        for (OptionSpec option : List.copyOf(command.options())) {
            if (option.hidden()) {
                command.remove(option);
                command.addOption(OptionSpec.builder(option).hidden(false).build());
            }
        }
    }

    /** Gives {@code command} what picocli's mixinStandardHelpOptions does, without its reading of annotations. */
    static void addHelp(CommandSpec command) {
        command.addOption(OptionSpec.builder("-h", "--help")
                .description("Show this help message and exit.")
                .usageHelp(true)
                .build());
        command.addOption(OptionSpec.builder("-V", "--version")
                .description("Print version information and exit.")
                .versionHelp(true)
                .build());
    }

    public static void main(String[] args) {
        if (args.length > 0 && (args[0].startsWith("-") || args[0].equals("run"))) {
            // What serving needs is made ready while this thread reads the command line: that saves 40 ms.
            Thread.ofPlatform().daemon().name("start").start(Epoll::isAvailable);
        }
        int exit = execute(args);
        if (exit == ExitCode.USAGE) {
            FailedStart.end(System.getenv());
        }
        System.exit(exit);
    }

    /** Runs the command line and returns its exit code. */
    static int execute(String... args) {
        CommandLine commandLine = new CommandLine(new Main().spec);
        String[] words = withCommand(commandLine, args);
        // A command's options are read off its class, which takes time: where one is named, the others are left out.
        boolean named = words.length > 0 && COMMANDS.containsKey(words[0]);
        COMMANDS.forEach((name, command) -> {
            if (!named || name.equals(words[0])) {
                commandLine.addSubcommand(name, command.get());
            }
        });
        commandLine.setParameterExceptionHandler(Main::explainUsage);
        commandLine.setExecutionExceptionHandler((e, _, _) -> {
            throw e;
        });
        return commandLine.execute(words);
    }

    /** {@code portshare OPTIONS} is {@code portshare run OPTIONS}. */
    private static String[] withCommand(CommandLine commandLine, String[] args) {
        boolean isOption = args.length > 0 && args[0].startsWith("-");
        if (isOption && !commandLine.getCommandSpec().optionsMap().containsKey(args[0])) {
            return Stream.concat(Stream.of("run"), Arrays.stream(args)).toArray(String[]::new);
        }
        return args;
    }

    private static int explainUsage(ParameterException e, String[] args) {
        System.err.println("portshare: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(
                e, e.getCommandLine().getErr())) {
            System.err.println("Try \"" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help\".");
        }
        return ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "nothing to serve: give --config FILE, or --listen ADDR and where to go, such as --openvpn and"
                        + " --otherwise");
    }

    /** Version, Java, and the transport in use. */
    static final class Version implements IVersionProvider {
        /** The version alone, such as {@code 0.1.0}. */
        static String number() throws IOException {
            Properties properties = new Properties();
            try (InputStream resource = Main.class.getResourceAsStream("/version.properties")) {
                properties.load(resource);
            }
            return properties.getProperty("version");
        }

        @Override
        public String[] getVersion() throws IOException {
            return new String[] {
                "portshare " + number(),
                "Java " + Runtime.version(),
                "transport epoll" + (Epoll.isAvailable() ? "" : " (not available: portshare runs on Linux only)")
            };
        }
    }
}
