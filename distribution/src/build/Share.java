import dev.portshare.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Writes what other programs read about portshare, from the program's own code and from docs/: man pages, completion for
 * bash, zsh and fish, the schema of the route file, and the bill of materials. Runs on the class path of the program.
 */
final class Share {
    /** A comment of its own line in docs/man: {@code <!-- include ../FILE.md -->}, or of one section of it, without title. */
    private static final Pattern INCLUDE = Pattern.compile("<!-- include (\\S+\\.md)(?:: (.+))? -->");

    private final Path docs = Path.of("../docs");
    private final CommandLine program = Main.commandLine();
    private final Path share;
    private final String version;
    private final String date;

    private Share(Path share, String version, String date) {
        this.share = share;
        this.version = version;
        this.date = date;
    }

    /** @param args the folder to write into, the program's version, the date of the sources, and what Maven knows of the jars */
    public static void main(String[] args) throws IOException {
        Share share = new Share(Path.of(args[0]), args[1], args[2].substring(0, "2026-11-23".length()));
        share.writeManPage("portshare", 1);
        share.writeManPage("portshare.yaml", 5);
        share.writeCompletion();
        share.writeSchema();
        share.write("portshare/portshare.cdx.json", Bill.of(Path.of(args[3])));
    }

    private void writeManPage(String name, int section) throws IOException {
        String page = included(docs.resolve("man/" + name + "." + section + ".md"), null)
                .replace("<!-- synopsis -->", CommandReference.synopsis(program))
                .replace("<!-- options -->", CommandReference.commonOptions(program))
                .replace("<!-- commands -->", CommandReference.reference(program));
        write("man/man" + section + "/" + name + "." + section, ManPage.render(name, section, date, version, page));
    }

    /** The text of {@code page}, or of one section, with what it includes. */
    private String included(Path page, String section) throws IOException {
        String text = Files.readString(page);
        if (section != null) {
            Matcher matcher = Pattern.compile(
                            "^## " + Pattern.quote(section) + "\n(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL)
                    .matcher(text);
            if (!matcher.find()) {
                throw new IllegalStateException(page + " has no section \"" + section + "\"");
            }
            text = matcher.group(1);
        }
        StringBuilder whole = new StringBuilder();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            Matcher include = INCLUDE.matcher(line);
            whole.append(include.matches() ? included(page.resolveSibling(include.group(1)), include.group(2)) : line)
                    .append('\n');
        }
        return whole.toString();
    }

    private void writeCompletion() throws IOException {
        write("zsh/site-functions/_portshare", Completion.zsh(program));
        write("fish/vendor_completions.d/portshare.fish", Completion.fish(program));
        // Last: what follows changes the model. "portshare OPTIONS" is "portshare run OPTIONS".
        var root = program.getCommandSpec();
        CommandReference.options(program.getSubcommands().get("run").getCommandSpec())
                .forEach(root::addOption);
        // It is read by the shell, not run: without "#!".
        write(
                "bash-completion/completions/portshare",
                AutoComplete.bash("portshare", program).replaceFirst("^#!.*\n", ""));
    }

    private void writeSchema() throws IOException {
        try (InputStream schema = Main.class.getResourceAsStream("/dev/portshare/config/portshare.schema.json")) {
            write("portshare/portshare.schema.json", new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = share.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
