package dev.portshare.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which word was meant. */
final class Spelling {
    private Spelling() {}

    /** {@code ; did you mean "tls"?} where one of {@code words} is near, otherwise the whole choice. */
    static String remedy(String misspelt, Collection<String> words) {
        return nearest(misspelt, words)
                .map(word -> "; did you mean \"" + word + "\"?")
                .orElse("; write one of " + String.join(", ", words));
    }

    private static Optional<String> nearest(String misspelt, Collection<String> words) {
        String wrong = misspelt.toLowerCase(Locale.ROOT);
        // A third of the word may be wrong: more would make every three letters resemble "tls". The length is asked
        // first,
        // lest a misplaced page of text be compared letter by letter.
        return words.stream()
                .filter(word -> Math.abs(word.length() - wrong.length()) <= allowed(word)
                        && distance(wrong, word) <= allowed(word))
                .min(Comparator.comparingInt(word -> distance(wrong, word)));
    }

    private static int allowed(String word) {
        return Math.max(1, word.length() / 3);
    }

    /** The number of letters to add, drop, replace or swap with their neighbour (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
