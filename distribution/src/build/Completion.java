import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion in zsh and fish of what picocli knows of the commands; picocli itself writes that for bash. */
final class Completion {
    /** The command that is meant where none is named. */
    private static final String DEFAULT = "run";

    private Completion() {}

    static String zsh(CommandLine program) {
        List<CommandSpec> commands = CommandReference.commands(program);
        StringBuilder script = new StringBuilder("""
            #compdef portshare
            # Made from the program's own options.

            _portshare() {
              local context state state_descr line
              typeset -A opt_args
              local -a commands=(
            """);
        commands.forEach(command -> script.append("    ")
                .append(quoted(command.name() + ":" + CommandReference.brief(command)))
                .append('\n'));
        script.append("""
              )
              if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
                _describe command commands
                return
              fi
              case $words[2] in
            """);
        for (CommandSpec command : commands) {
            if (!command.name().equals(DEFAULT)) {
                script.append("    ").append(command.name()).append(")\n      shift words; (( CURRENT-- ))\n");
                zshArguments(script, command);
            }
        }
        script.append("    *)\n      [[ $words[2] == ")
                .append(DEFAULT)
                .append(" ]] && { shift words; (( CURRENT-- )) }\n");
        zshArguments(script, program.getSubcommands().get(DEFAULT).getCommandSpec());
        return script.append("  esac\n}\n\n_portshare \"$@\"\n").toString();
    }

    private static void zshArguments(StringBuilder script, CommandSpec command) {
        script.append("      _arguments -s");
        for (OptionSpec option : command.options()) {
            for (String name : option.names()) {
                boolean ends = option.usageHelp() || option.versionHelp();
                boolean valued = option.arity().max() > 0;
                String sign = valued && name.startsWith("--") ? "=" : "";
                String text = CommandReference.description(option).replaceAll("(?=[\\[\\]:\\\\])", "\\\\");
                script.append(" \\\n        ")
                        .append(quoted((ends ? "(- *)" : option.isMultiValue() ? "*" : "") + name + sign + "[" + text
                                + "]" + (valued ? ":" + label(option) + ":" + zshAction(option) : "")));
            }
        }
        for (ArgSpec operand : command.positionalParameters()) {
            script.append(" \\\n        ")
                    .append(quoted(
                            (operand.arity().max() > 1 ? "*" : "") + ":" + label(operand) + ":" + zshAction(operand)));
        }
        script.append("\n      ;;\n");
    }

    private static String zshAction(ArgSpec argument) {
        return takesFile(argument) ? "_files" : words(argument).isEmpty() ? " " : "(" + words(argument) + ")";
    }

    static String fish(CommandLine program) {
        List<CommandSpec> commands = CommandReference.commands(program);
        StringBuilder script = new StringBuilder("# Made from the program's own options.\ncomplete -c portshare -f\n");
        for (CommandSpec command : commands) {
            script.append("complete -c portshare -n __fish_use_subcommand -a ")
                    .append(command.name())
                    .append(" -d ")
                    .append(quoted(CommandReference.brief(command)))
                    .append('\n');
        }
        String others = commands.stream()
                .map(CommandSpec::name)
                .filter(name -> !name.equals(DEFAULT))
                .collect(Collectors.joining(" "));
        for (CommandSpec command : commands) {
            String condition = command.name().equals(DEFAULT)
                    ? "not __fish_seen_subcommand_from " + others
                    : "__fish_seen_subcommand_from " + command.name();
            String start = "complete -c portshare -n " + quoted(condition);
            for (OptionSpec option : command.options()) {
                script.append(start);
                for (String name : option.names()) {
                    script.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
                }
                script.append(option.arity().max() == 0 ? "" : fishAction(option))
                        .append(" -d ")
                        .append(quoted(CommandReference.description(option)))
                        .append('\n');
            }
            for (ArgSpec operand : command.positionalParameters()) {
                if (takesFile(operand)) {
                    script.append(start).append(" -F\n");
                }
            }
        }
        return script.toString();
    }

    private static String fishAction(OptionSpec option) {
        return takesFile(option) ? " -r -F" : words(option).isEmpty() ? " -x" : " -x -a " + quoted(words(option));
    }

    private static boolean takesFile(ArgSpec argument) {
        return argument.type() == Path.class || argument.paramLabel().equals("FILE");
    }

    /** What it can be, with blanks between; empty where that is not known. */
    private static String words(ArgSpec argument) {
        Iterable<String> words = argument.completionCandidates();
        return words == null ? "" : String.join(" ", words);
    }

    private static String label(ArgSpec argument) {
        return argument.paramLabel().replaceAll("[^A-Za-z ]", " ").strip();
    }

    /** One word, in either shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
