package dev.portshare.cli.imports;

/** A place in a text that moves forward, and knows its line and column. */
final class Cursor {
    private static final char END = '\0';

    private final String text;
    private int at;
    private int line = 1;
    private int column = 1;

    Cursor(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at == text.length();
    }

    /** The next character, which stays; NUL at the end. */
    char peek() {
        return atEnd() ? END : text.charAt(at);
    }

    /** Whether {@code next} comes next, which stays. */
    boolean looksAt(String next) {
        return text.startsWith(next, at);
    }

    /** The next character, which is behind from now on. */
    char take() {
        char c = text.charAt(at++);
        column = c == '\n' ? 1 : column + 1;
        line += c == '\n' ? 1 : 0;
        return c;
    }

    /** Leaves the rest of the line behind, but for its end. */
    void skipLine() {
        while (!atEnd() && peek() != '\n') {
            take();
        }
    }

    /** A word that begins here. */
    Word here(String word) {
        return new Word(word, line, column);
    }
}
