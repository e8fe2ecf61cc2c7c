package dev.portshare.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Turns YAML 1.2 into nodes that know their line, or into one problem in plain words. */
final class YamlDocument {
    /** Enough for a list of addresses that many routes share; bounds what a small file can blow up to. */
    private static final int MAX_ALIASES = 1000;

    /** What YAML takes for a list: {@code [::1]:22}. */
    private static final Pattern BARE_IPV6 =
            Pattern.compile("(?<![\"'])\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%\\w+)?](:[0-9]+)?");

    private YamlDocument() {}

    /** The root of {@code yaml}; null where there is none, which then is a problem. */
    static @Nullable Node root(String yaml, Problems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(TextFile.MAX_SIZE)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setAllowNonScalarKeys(true) // they get a problem with their place, which the engine's lacks
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(yaml);
            if (root.isEmpty()) {
                problems.add(Optional.empty(), "", "nothing in it; write \"listen\" and \"routes\"");
            }
            return root.orElse(null);
        } catch (MarkedYamlEngineException e) {
            problems.add(mark(e), "", message(e, yaml));
        } catch (ReaderException e) {
            problems.add(
                    Optional.of(markOf(e.getCodePoint(), yaml)),
                    "",
                    "character U+%04X, which YAML does not allow; leave it out".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            problems.add(Optional.empty(), "", "not readable as YAML: " + e.getMessage());
        }
        return null;
    }

    /** Where something began that never ends, otherwise where reading stopped. */
    private static Optional<Mark> mark(MarkedYamlEngineException e) {
        return isUnclosed(e) ? e.getContextMark() : e.getProblemMark();
    }

    private static boolean isUnclosed(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        return problem.contains("<stream end>") || problem.contains("unexpected end of stream");
    }

    private static String message(MarkedYamlEngineException e, String yaml) {
        String problem = String.valueOf(e.getProblem());
        String context = String.valueOf(e.getContext());
        Matcher ipv6 = BARE_IPV6.matcher(
                e.getProblemMark().map(mark -> line(yaml, mark.getLine())).orElse(""));
        if (ipv6.find()) {
            return "YAML takes brackets for a list; write \"" + ipv6.group() + "\" with its quotes";
        }
        if (isUnclosed(e)) {
            return "a quote, \"[\" or \"{\" that is never closed; close it";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "a \": \" where no key can be; quote the value, or check the indentation";
        }
        if (problem.contains("TAB")) {
            return "a tab; indent with spaces";
        }
        if (context.contains("alias") || problem.contains("undefined alias")) {
            return "\"*\" refers to an anchor, and there is none of that name; quote a word that begins with it, as in"
                    + " \"*.example.org\"";
        }
        if (problem.contains("another document") || problem.contains("<document start>")) {
            return "a second document; a route file is one";
        }
        if (problem.contains("that cannot start any token") || problem.contains("expected the node content")) {
            return "a word cannot begin like this; quote it";
        }
        return "not readable as YAML: " + problem + "; check indentation, brackets and quotes";
    }

    private static String line(String yaml, int index) {
        return yaml.lines().skip(index).findFirst().orElse("");
    }

    private static Mark markOf(int codePoint, String yaml) {
        String before = yaml.substring(0, yaml.indexOf(codePoint));
        int line = (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - (before.lastIndexOf('\n') + 1);
        return new Mark("", 0, line, column, new int[0], 0);
    }
}
