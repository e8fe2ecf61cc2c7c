package dev.portshare.cli.imports;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What sniproxy asks of a server name: a regular expression that may match anywhere in it. sniproxy drops a backslash when it
 * reads its file, so that {@code \.} becomes a dot, which matches any character. Where a name is meant, it is a dot here.
 *
 * @param patterns the same in a route file
 * @param note     what to know about it; empty: nothing
 */
record SniproxyPattern(List<String> patterns, String note) {
    /** A name from its first letter on, or behind something that ends with a dot, up to the end. */
    private static final Pattern NAME = Pattern.compile(
            "(?<start>\\^?(\\.[*+])?\\\\?\\.|\\^\\(\\.[*+]\\\\?\\.\\)\\?|\\^)(?<name>[A-Za-z0-9_-]+(\\\\?\\.[A-Za-z0-9_-]+)*)\\$");

    private static final Pattern BARE_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\\\?\\.[A-Za-z0-9_-]+)*\\$?");
    private static final Pattern ANYTHING = Pattern.compile("\\^?\\.[*+]\\$?");

    static SniproxyPattern of(Word word) throws ImportException {
        String regex = word.text();
        if (ANYTHING.matcher(regex).matches()) {
            return new SniproxyPattern(List.of("/.*/"), "");
        }
        Matcher matcher = NAME.matcher(regex);
        if (matcher.matches()) {
            String name = word.serverName(dots(matcher.group("name")));
            String start = matcher.group("start");
            List<String> patterns = start.equals("^")
                    ? List.of(name)
                    : start.endsWith("?") ? List.of(name, "*." + name) : List.of("*." + name);
            boolean isExact = start.equals("^") || start.contains("\\.");
            return new SniproxyPattern(
                    patterns,
                    isExact
                            ? ""
                            : "To sniproxy the dot in front of " + name + " is any character, so that it takes not"
                                    + name + " as well; here it is a dot.");
        }
        String pattern = word.serverName("/.*(?:" + regex + ").*/");
        if (BARE_NAME.matcher(regex).matches()) {
            String name = dots(regex.replace("$", ""));
            return new SniproxyPattern(
                    List.of(pattern),
                    "sniproxy finds " + regex + " anywhere in a name, so in not" + name
                            + " and others as well, and so does this. If the name alone is meant, or all below it too,"
                            + " write sni: " + name + " or sni: [" + name + ", \"*." + name + "\"].");
        }
        return new SniproxyPattern(List.of(pattern), "");
    }

    private static String dots(String name) {
        return name.replace("\\.", ".");
    }
}
