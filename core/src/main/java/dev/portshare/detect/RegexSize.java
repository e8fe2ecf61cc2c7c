package dev.portshare.detect;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long a regular expression of RE2's syntax is with its repetitions written out, told without doing so: RE2/J writes them
 * out before it can say how long its program is, and <code>(a{1000}){1000}</code> is a million instructions.
 */
public final class RegexSize {
    /** What can be compiled in passing: RE2/J's program is at most some five times as long. */
    public static final int MAX = 32_768;

    /** Beyond every limit; two of them can still be multiplied. */
    private static final long ENDLESS = Integer.MAX_VALUE;

    private final String regex;
    /** Of each open group, what stands in front of it in the one around it. */
    private final Deque<Long> around = new ArrayDeque<>();
    /** Of the open group, without {@link #last}. */
    private long sum;
    /** What a repetition would repeat. */
    private long last;

    private int next;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** Whether {@code regex}, which need not be one, is longer than {@link #MAX}. */
    public static boolean isTooLong(String regex) {
        return of(regex) > MAX;
    }

    /** Characters, classes, assertions and groups, each as often as the repetitions around it say. */
    static long of(String regex) {
        RegexSize size = new RegexSize(regex);
        while (size.next < regex.length()) {
            size.read(regex.charAt(size.next++));
        }
        while (!size.around.isEmpty()) {
            size.close(); // RE2/J will say that something is missing
        }
        return size.sum + size.last;
    }

    private void read(char c) {
        switch (c) {
            case '\\' -> escape();
            case '[' -> {
                passClass();
                put(1);
            }
            case '(' -> open();
            case ')' -> close();
            case '{' -> count();
            case '*', '+', '?', '|' -> {}
            default -> put(1);
        }
    }

    private void put(long size) {
        sum = Math.min(ENDLESS, sum + last);
        last = size;
    }

    private void open() {
        if (regex.startsWith("?", next)) {
            int end = next;
            while (end < regex.length() && ":>)".indexOf(regex.charAt(end)) < 0) {
                end++;
            }
            next = Math.min(regex.length(), end + 1);
            if (regex.startsWith(")", end)) {
                return; // flags alone: a repetition behind them means what stands in front
            }
        }
        put(0);
        around.push(sum);
        sum = 0;
    }

    private void close() {
        if (!around.isEmpty()) {
            last = Math.min(ENDLESS, sum + last + 1);
            sum = around.pop();
        }
    }

    /** Reads {@code 2}, {@code 2,} or {@code 2,3} and the brace; what is none of them stands for itself. */
    private void count() {
        int end = regex.indexOf('}', next);
        String[] bounds = end < 0 ? new String[0] : regex.substring(next, end).split(",", -1);
        boolean isCount = bounds.length == 1 || bounds.length == 2;
        long most = 1;
        for (int i = 0; isCount && i < bounds.length; i++) {
            isCount = bounds[i].chars().allMatch(c -> c >= '0' && c <= '9') && (i == 1 || !bounds[i].isEmpty());
            // RE2/J refuses a thousand and one.
            most = isCount ? Math.max(most, bounds[i].length() > 4 ? 1 : Integer.parseInt("0" + bounds[i])) : 1;
        }
        if (isCount) {
            last = Math.min(ENDLESS, last * most);
            next = end + 1;
        } else {
            put(1);
        }
    }

    private void escape() {
        if (next == regex.length()) {
            return;
        }
        char c = regex.charAt(next++);
        if (c == 'Q') {
            int end = regex.indexOf("\\E", next);
            int to = end < 0 ? regex.length() : end;
            put(Math.max(0, to - next - 1));
            put(Math.min(1, to - next));
            next = Math.min(regex.length(), to + 2);
            return;
        }
        put(1);
        if ((c == 'x' || c == 'p' || c == 'P') && regex.startsWith("{", next)) {
            int end = regex.indexOf('}', next);
            next = end < 0 ? regex.length() : end + 1;
        }
    }

    /** Passes a class of characters, but for its opening bracket. */
    private void passClass() {
        next += regex.startsWith("^", next) ? 1 : 0;
        int from = next;
        while (next < regex.length() && (regex.charAt(next) != ']' || next == from)) {
            int named = regex.startsWith("[:", next) ? regex.indexOf(":]", next + 2) : -1;
            next = named >= 0 ? named + 2 : next + (regex.charAt(next) == '\\' ? 2 : 1);
        }
        next = Math.min(regex.length(), next + 1);
    }
}
