import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What picocli knows of the commands, as Markdown for the man page. */
final class CommandReference {
    private CommandReference() {}

    /** Each command that there is, once: the visible subcommands of {@code program}. */
    static List<CommandSpec> commands(CommandLine program) {
        return program.getSubcommands().values().stream()
                .distinct()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .toList();
    }

    /** Its own options, as its help orders them: those for help and version are every command's. */
    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .toList();
    }

    /** How each command is typed. */
    static String synopsis(CommandLine program) {
        return commands(program).stream()
                .map(CommandReference::synopsis)
                .collect(Collectors.joining("\n", "```\n", "\n```\n"));
    }

    private static String synopsis(CommandSpec command) {
        StringJoiner words = new StringJoiner(" ").add(command.qualifiedName());
        if (!options(command).isEmpty()) {
            words.add("[OPTIONS]");
        }
        command.positionalParameters().forEach(operand -> {
            boolean many = operand.arity().max() > 1;
            String label = operand.paramLabel() + (many ? "..." : "");
            words.add(operand.required() && operand.arity().min() > 0 ? label : "[" + label + "]");
        });
        return words.toString();
    }

    /** The options that every command has. */
    static String commonOptions(CommandLine program) {
        return table(program.getCommandSpec().options().stream().filter(option -> !option.hidden()));
    }

    /** Each command under a heading of its own: what it does, its options, and what its help ends with. */
    static String reference(CommandLine program) {
        StringBuilder markdown = new StringBuilder();
        for (CommandSpec command : commands(program)) {
            markdown.append("### ").append(escaped(synopsis(command))).append("\n\n");
            paragraphs(markdown, command.usageMessage().description());
            Stream<ArgSpec> operands = command.positionalParameters().stream().map(ArgSpec.class::cast);
            markdown.append(table(Stream.concat(operands, options(command).stream())));
            paragraphs(markdown, command.usageMessage().footer());
        }
        return markdown.toString();
    }

    private static void paragraphs(StringBuilder markdown, String[] texts) {
        for (String text : texts) {
            markdown.append(escaped(plain(text))).append("\n\n");
        }
    }

    private static String table(Stream<? extends ArgSpec> arguments) {
        String rows = arguments
                .map(argument -> "| `" + name(argument) + "` | " + escaped(description(argument)) + " |\n")
                .collect(Collectors.joining());
        return rows.isEmpty() ? "" : "| option | meaning |\n|---|---|\n" + rows + "\n";
    }

    private static String name(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel();
        }
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    /** In one line, and without what picocli would make of it. */
    static String description(ArgSpec argument) {
        return plain(String.join(" ", argument.description()));
    }

    /** What a command does, in a few words: up to the first stop or colon. */
    static String brief(CommandSpec command) {
        return plain(command.usageMessage().description()[0]).replaceFirst("[.:;](\\s.*)?$", "");
    }

    private static String plain(String text) {
        return text.replace("%n", " ").replace("%%", "%").strip();
    }

    private static String escaped(String text) {
        return text.replaceAll("(?=[\\\\`*_\\[\\]<>|#])", "\\\\");
    }
}
