package dev.portshare.cli.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the syntax of sniproxy.conf: statements that end with their line or a semicolon, and blocks of them in braces. */
final class SniproxySyntax {
    /**
     * A statement.
     *
     * @param words at least one, but for a block without a name
     * @param block what its braces hold; empty where it has none
     */
    record Statement(List<Word> words, List<Statement> block) {
        Word first() {
            return words.getFirst();
        }

        /** Whether this is {@code directive}, which may be cut short. */
        boolean is(String directive) {
            return directive.startsWith(first().text());
        }

        /** The word behind the directive. */
        Word value() throws ImportException {
            if (words.size() < 2) {
                throw new ImportException(first(), "\"" + first().text() + "\" has no value; write one");
            }
            return words.get(1);
        }

        /** What is behind the directive, to be shown. */
        String shown() {
            return words.stream().skip(1).map(Word::text).collect(Collectors.joining(" "))
                    + (block.isEmpty() ? "" : words.size() > 1 ? " {...}" : "{...}");
        }
    }

    private static final String SEPARATORS = " \t\r\n;#{}";

    private final Cursor cursor;

    private SniproxySyntax(String text) {
        this.cursor = new Cursor(text);
    }

    static List<Statement> parse(String text) throws ImportException {
        SniproxySyntax syntax = new SniproxySyntax(text);
        List<Statement> statements = syntax.statements();
        if (!syntax.cursor.atEnd()) {
            throw new ImportException(syntax.cursor.here("}"), "a \"}\" that closes nothing; leave it out");
        }
        return statements;
    }

    /** The statements up to the end, or to a brace that closes them. */
    private List<Statement> statements() throws ImportException {
        List<Statement> statements = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        while (!cursor.atEnd() && cursor.peek() != '}') {
            switch (cursor.peek()) {
                case ' ', '\t' -> cursor.take();
                case '#' -> cursor.skipLine();
                case '\n', '\r', ';' -> {
                    cursor.take();
                    end(words, List.of(), statements);
                }
                case '{' -> end(words, block(), statements);
                default -> words.add(word());
            }
        }
        end(words, List.of(), statements);
        return statements;
    }

    private List<Statement> block() throws ImportException {
        Word start = cursor.here("{");
        cursor.take();
        List<Statement> block = statements();
        if (cursor.atEnd()) {
            throw new ImportException(start, "a brace that is never closed; close it");
        }
        cursor.take();
        return block;
    }

    private static void end(List<Word> words, List<Statement> block, List<Statement> statements) {
        if (!words.isEmpty()) {
            statements.add(new Statement(List.copyOf(words), block));
            words.clear();
        }
    }

    /** A word, of which quotes and the backslash in front of a character are no part. */
    private Word word() throws ImportException {
        Word start = cursor.here("");
        StringBuilder text = new StringBuilder();
        boolean quoted = false;
        while (!cursor.atEnd() && (quoted || SEPARATORS.indexOf(cursor.peek()) < 0)) {
            char c = cursor.take();
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && !cursor.atEnd()) {
                text.append(cursor.take());
            } else {
                text.append(c);
            }
        }
        if (quoted) {
            throw new ImportException(start, "a quote that is never closed; close it");
        }
        return start.with(text.toString());
    }
}
