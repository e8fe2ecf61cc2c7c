package dev.portshare.route;

import org.jspecify.annotations.Nullable;

/**
 * The characters with which every name begins, that a regex matches as a whole, those that it has in it, and those with which
 * it ends: they tell most regexes from a name at once, and stand for them in an index. What is not understood of a regex leaves
 * them empty.
 *
 * @param prefix in lower case, possibly empty
 * @param infix  the longest between the two, in lower case, possibly empty
 * @param suffix in lower case, possibly empty
 */
record Literals(String prefix, String infix, String suffix) {
    private static final Literals NONE = new Literals("", "", "");

    /** Of {@code regex}, which RE2 has found to be one. */
    static Literals of(String regex) {
        Literals literals = new Reading(regex).literals();
        return literals == null ? NONE : literals;
    }

    /** Whether the regex could match {@code name}, of ASCII, in lower case and without trailing dot. */
    boolean fit(String name) {
        return name.startsWith(prefix) && name.endsWith(suffix) && name.contains(infix);
    }

    /** What stands behind the first dot of the suffix: the domain that all the names are in; null: no one is known. */
    @Nullable
    String domain() {
        int dot = suffix.indexOf('.');
        boolean usable = dot >= 0 && dot < suffix.length() - 1 && suffix.length() - dot - 1 <= DnsName.MAX_LENGTH;
        return usable ? suffix.substring(dot + 1) : null;
    }

    /** Goes through a regex once, and keeps the characters that stand side by side, outside groups, and each exactly once. */
    private static final class Reading {
        private final String regex;
        private final StringBuilder run = new StringBuilder();
        private @Nullable String first;
        private String longest = "";
        private int depth;
        private int next;

        Reading(String regex) {
            this.regex = regex;
        }

        /** Null: it is not understood. */
        @Nullable
        Literals literals() {
            while (next < regex.length()) {
                if (!read(regex.charAt(next++))) {
                    return null;
                }
            }
            String last = run.toString();
            return new Literals(first == null ? last : first, longest, last);
        }

        /** Reads what begins with {@code c}; whether it is understood. */
        private boolean read(char c) {
            switch (c) {
                case '\\' -> {
                    return escape();
                }
                case '{' -> {
                    return count();
                }
                case '|' -> {
                    return depth > 0;
                }
                case '^', '$' -> {} // of no width, and true at both ends
                case '*', '+', '?' -> repeated();
                case '(' -> {
                    breakRun();
                    depth++;
                    // After flags alone, as in (?i), an asterisk would mean what stands before them.
                    return !regex.startsWith("?", next) || regex.startsWith("?:", next);
                }
                case ')' -> depth--;
                case '[' -> {
                    breakRun();
                    passClass();
                }
                case '.' -> breakRun();
                default -> literal(c);
            }
            return true;
        }

        private void literal(char c) {
            if (c >= 0x80) {
                breakRun(); // may be another letter's other case
            } else if (depth == 0) {
                run.append(c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c);
            }
        }

        private void breakRun() {
            if (first == null) {
                first = run.toString();
            } else if (run.length() > longest.length()) {
                longest = run.toString();
            }
            run.setLength(0);
        }

        /** The character before may come several times, or never. */
        private void repeated() {
            run.setLength(Math.max(0, run.length() - 1));
            breakRun();
        }

        private boolean escape() {
            char c = regex.charAt(next++);
            if (!isLetterOrDigit(c)) {
                literal(c);
                return true;
            }
            breakRun();
            return "dDwWsSbBAz".indexOf(c) >= 0;
        }

        private static boolean isLetterOrDigit(char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        }

        /** Passes {@code {2,3}}; a brace that stands for itself is not understood. */
        private boolean count() {
            repeated();
            int from = next;
            while (next < regex.length() && ",0123456789".indexOf(regex.charAt(next)) >= 0) {
                next++;
            }
            return next > from && next < regex.length() && regex.charAt(next++) == '}';
        }

        /** Passes a class of characters, such as {@code [^]a[:digit:]\]]}, but for its opening bracket. */
        private void passClass() {
            next += regex.startsWith("^", next) ? 1 : 0;
            int from = next;
            while (regex.charAt(next) != ']' || next == from) {
                int named = regex.startsWith("[:", next) ? regex.indexOf(":]", next + 2) : -1;
                if (named >= 0) {
                    next = named + 2;
                } else {
                    next += regex.charAt(next) == '\\' ? 2 : 1;
                }
            }
            next++;
        }
    }
}
