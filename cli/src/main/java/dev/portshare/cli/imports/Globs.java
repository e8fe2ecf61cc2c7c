package dev.portshare.cli.imports;

import java.util.regex.Pattern;

/** Server names with the wildcards of fnmatch(3), where a star stands for dots as well, as patterns of a route file. */
final class Globs {
    /** What a route file writes alike: one or more labels in front. */
    private static final Pattern ALIKE = Pattern.compile("(\\*\\.)?[^*?\\[\\]\\\\]+");

    private Globs() {}

    static String pattern(Word glob) throws ImportException {
        String text = glob.text();
        return glob.serverName(ALIKE.matcher(text).matches() ? text : "/" + regex(text) + "/");
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int end = c == '[' ? glob.indexOf(']', i + 2) : -1;
            if (end > 0) {
                // A set, which a regex writes alike but for its negation.
                regex.append(glob.substring(i, end + 1).replaceFirst("^\\[!", "[^"));
                i = end;
            } else {
                regex.append(
                        switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Character.isLetterOrDigit(c) || c == '-' ? String.valueOf(c) : "\\" + c;
                        });
            }
        }
        return regex.toString();
    }
}
