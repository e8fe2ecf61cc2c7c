package dev.portshare.cli.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the syntax of libconfig: settings, groups, lists and arrays; comments of three kinds. */
final class Libconfig {
    /** What a setting is set to. */
    sealed interface Value {
        /** Where it begins. */
        Word at();
    }

    /** A string, number or truth value, as its text. */
    record Scalar(Word at) implements Value {}

    /** A list or an array. */
    record Items(Word at, List<Value> values) implements Value {}

    /** Settings in braces, or the whole file. */
    record Group(Word at, List<Setting> settings) implements Value {
        Optional<Setting> find(String name) {
            return settings.stream().filter(setting -> setting.name().is(name)).findFirst();
        }

        /** The word that {@code name} is set to. */
        Optional<Word> word(String name) throws ImportException {
            Optional<Setting> setting = find(name);
            return setting.isEmpty()
                    ? Optional.empty()
                    : Optional.of(setting.get().word());
        }

        /** The words that {@code name} is set to; empty: it is not set. */
        List<Word> words(String name) throws ImportException {
            Optional<Setting> setting = find(name);
            if (setting.isEmpty()) {
                return List.of();
            }
            if (!(setting.get().value() instanceof Items items)) {
                return List.of(setting.get().word());
            }
            List<Word> words = new ArrayList<>();
            for (Value value : items.values()) {
                words.add(scalar(value));
            }
            return words;
        }
    }

    /** A name, and what it is set to. */
    record Setting(Word name, Value value) {
        Word word() throws ImportException {
            return scalar(value);
        }

        /** Its value on one line, to be shown. */
        String shown() {
            return value instanceof Scalar(Word word) ? word.text() : "...";
        }
    }

    private static final String WORD = "[A-Za-z0-9_*.+-]";

    private final Cursor cursor;

    private Libconfig(String text) {
        this.cursor = new Cursor(text);
    }

    /** The settings in {@code text}. */
    static Group parse(String text) throws ImportException {
        Libconfig parser = new Libconfig(text);
        Group file = parser.group();
        if (!parser.cursor.atEnd()) {
            throw new ImportException(
                    parser.cursor.here("}"), "a \"" + parser.cursor.peek() + "\" that closes nothing; leave it out");
        }
        return file;
    }

    private static Word scalar(Value value) throws ImportException {
        if (value instanceof Scalar(Word word)) {
            return word;
        }
        throw new ImportException(value.at(), "expected a string or a number");
    }

    private Group group() throws ImportException {
        Word start = cursor.here("");
        List<Setting> settings = new ArrayList<>();
        for (skipBlanks(); !cursor.atEnd() && cursor.peek() != '}'; skipBlanks()) {
            Word name = word();
            skipBlanks();
            if (name.text().isEmpty() || (cursor.peek() != ':' && cursor.peek() != '=')) {
                throw new ImportException(cursor.here(""), "expected a setting such as timeout: 2;");
            }
            cursor.take();
            settings.add(new Setting(name, value()));
            skipBlanks();
            if (cursor.peek() == ';' || cursor.peek() == ',') {
                cursor.take();
            }
        }
        return new Group(start, settings);
    }

    private Value value() throws ImportException {
        skipBlanks();
        Word start = cursor.here("");
        return switch (cursor.peek()) {
            case '{' -> {
                cursor.take();
                Group group = group();
                close('}', start);
                yield new Group(start, group.settings());
            }
            case '(' -> items(')', start);
            case '[' -> items(']', start);
            case '"' -> new Scalar(string());
            default -> {
                Word word = word();
                if (word.text().isEmpty()) {
                    throw new ImportException(start, "expected a value");
                }
                yield new Scalar(word);
            }
        };
    }

    private Items items(char end, Word start) throws ImportException {
        cursor.take();
        List<Value> values = new ArrayList<>();
        for (skipBlanks(); !cursor.atEnd() && cursor.peek() != end; skipBlanks()) {
            values.add(value());
            skipBlanks();
            if (cursor.peek() == ',') {
                cursor.take();
            }
        }
        close(end, start);
        return new Items(start, values);
    }

    private void close(char end, Word start) throws ImportException {
        if (cursor.atEnd()) {
            throw new ImportException(start, "a bracket that is never closed; close it with \"" + end + "\"");
        }
        cursor.take();
    }

    /** Letters and digits; none: something else stands here. */
    private Word word() {
        Word start = cursor.here("");
        StringBuilder text = new StringBuilder();
        while (!cursor.atEnd() && String.valueOf(cursor.peek()).matches(WORD)) {
            text.append(cursor.take());
        }
        return start.with(text.toString());
    }

    /** One string, or several behind each other, which are one. */
    private Word string() throws ImportException {
        Word start = cursor.here("");
        StringBuilder text = new StringBuilder();
        for (; cursor.peek() == '"'; skipBlanks()) {
            cursor.take();
            while (cursor.peek() != '"') {
                if (cursor.atEnd()) {
                    throw new ImportException(start, "a string that is never closed; close it with a quote");
                }
                char c = cursor.take();
                text.append(c == '\\' && !cursor.atEnd() ? escaped() : String.valueOf(c));
            }
            cursor.take();
        }
        return start.with(text.toString());
    }

    private String escaped() {
        char c = cursor.take();
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'f' -> "\f";
            case 'x' -> "\\x"; // a byte, which is of use in a regex alone
            default -> String.valueOf(c);
        };
    }

    private void skipBlanks() throws ImportException {
        while (!cursor.atEnd()) {
            if (cursor.peek() == '#' || cursor.looksAt("//")) {
                cursor.skipLine();
            } else if (cursor.looksAt("/*")) {
                skipComment();
            } else if (Character.isWhitespace(cursor.peek())) {
                cursor.take();
            } else {
                return;
            }
        }
    }

    private void skipComment() throws ImportException {
        Word start = cursor.here("");
        while (!cursor.looksAt("*/")) {
            if (cursor.atEnd()) {
                throw new ImportException(start, "a comment that is never closed; close it with */");
            }
            cursor.take();
        }
        cursor.take();
        cursor.take();
    }
}
