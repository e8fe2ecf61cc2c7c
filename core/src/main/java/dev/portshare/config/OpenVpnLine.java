package dev.portshare.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The words of a line of an OpenVPN configuration. Source: OpenVPN 2.6.14, src/openvpn/options_parse.c, parse_line. */
public final class OpenVpnLine {
    private static final char BARE = ' ';

    private final String line;
    private int at;

    private OpenVpnLine(String line) {
        this.line = line;
    }

    /**
     * The words, without quotes, escapes and comments.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static List<String> words(String text) {
        return words(text, _ -> {});
    }

    /**
     * The same.
     *
     * @param starts gets the place of each word in {@code text}, from 0
     */
    public static List<String> words(String text, IntConsumer starts) {
        OpenVpnLine line = new OpenVpnLine(text);
        List<String> words = new ArrayList<>();
        while (line.findWord()) {
            starts.accept(line.at);
            words.add(line.word());
        }
        return words;
    }

    private boolean findWord() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
        return at < line.length() && line.charAt(at) != '#' && line.charAt(at) != ';';
    }

    /** A quote counts at a word's beginning alone. */
    private String word() {
        char first = line.charAt(at);
        char quote = first == '"' || first == '\'' ? first : BARE;
        at += quote == BARE ? 0 : 1;
        StringBuilder word = new StringBuilder();
        for (; at < line.length(); at++) {
            char c = line.charAt(at);
            if (quote == BARE ? isBlank(c) : c == quote) {
                at++;
                return word.toString();
            }
            if (c == '\\' && quote != '\'' && at + 1 < line.length()) {
                c = line.charAt(++at);
                if (c != '\\' && c != '"' && !isBlank(c)) {
                    throw new IllegalArgumentException(
                            "OpenVPN takes a backslash in front of a backslash, a double quote or"
                                    + " a blank alone; write two for one, or the word in single quotes");
                }
            }
            word.append(c);
        }
        if (quote != BARE) {
            throw new IllegalArgumentException("the quotation has no end; write " + quote + " behind it");
        }
        return word.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
