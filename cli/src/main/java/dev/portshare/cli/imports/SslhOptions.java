package dev.portshare.cli.imports;

import dev.portshare.cli.imports.SslhProbes.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** sslh's options, as Debian keeps them in {@code /etc/default/sslh}: {@code DAEMON_OPTS="--listen ... --ssh ..."}. */
final class SslhOptions {
    private static final String ASSIGNMENT = "DAEMON_OPTS=";

    private static final Map<Character, String> SHORT = Map.of(
            'p',
            "listen",
            't',
            "timeout",
            'u',
            "user",
            'P',
            "pidfile",
            'C',
            "chroot",
            'F',
            "config",
            'v',
            "verbose",
            'i',
            "inetd",
            'f',
            "foreground",
            'n',
            "numeric");

    /** The options that have no value. */
    private static final Set<String> FLAGS =
            Set.of("verbose", "numeric", "foreground", "background", "inetd", "version", "help");

    private final Draft draft = new Draft();
    private final SslhProbes probes = new SslhProbes(draft);
    private final List<Word> words;
    private int at;

    private SslhOptions(List<Word> words) {
        this.words = words;
    }

    static Draft draft(String text) throws ImportException {
        return new SslhOptions(words(text)).read();
    }

    /** The words of the last assignment, which is the one that holds. */
    private static List<Word> words(String text) throws ImportException {
        List<Word> words = new ArrayList<>();
        Cursor cursor = new Cursor(text);
        while (!cursor.atEnd()) {
            while (cursor.peek() == ' ' || cursor.peek() == '\t') {
                cursor.take();
            }
            if (cursor.looksAt(ASSIGNMENT)) {
                words.clear();
                for (int i = 0; i < ASSIGNMENT.length(); i++) {
                    cursor.take();
                }
                value(cursor, words);
            }
            cursor.skipLine();
            if (!cursor.atEnd()) {
                cursor.take();
            }
        }
        return words;
    }

    /** The words in quotes, over as many lines as it takes, or the one word without. */
    private static void value(Cursor cursor, List<Word> words) throws ImportException {
        Word start = cursor.here("");
        char quote = cursor.peek() == '"' || cursor.peek() == '\'' ? cursor.take() : '\n';
        while (!cursor.atEnd() && cursor.peek() != quote) {
            Word at = cursor.here("");
            StringBuilder word = new StringBuilder();
            while (!cursor.atEnd() && cursor.peek() != quote && !Character.isWhitespace(cursor.peek())) {
                word.append(cursor.take());
            }
            if (word.isEmpty()) {
                cursor.take();
            } else if (!word.toString().equals("\\")) {
                words.add(at.with(word.toString()));
            }
        }
        if (cursor.atEnd() && quote != '\n') {
            throw new ImportException(start, "a quote that is never closed; close it");
        }
    }

    private Draft read() throws ImportException {
        while (at < words.size()) {
            Word word = words.get(at++);
            if (word.text().startsWith("--")) {
                int equals = word.text().indexOf('=');
                String name = word.text().substring(2, equals < 0 ? word.text().length() : equals);
                option(word.with(name), equals < 0 ? "" : word.text().substring(equals + 1));
            } else if (word.text().startsWith("-") && word.text().length() > 1) {
                String name = SHORT.getOrDefault(word.text().charAt(1), word.text());
                option(word.with(name), word.text().substring(2));
            } else {
                throw new ImportException(word, "expected an option such as --listen");
            }
        }
        probes.write();
        return draft;
    }

    private void option(Word name, String attached) throws ImportException {
        if (name.is(Sslh.TRANSPARENT)) {
            draft.transparency().all();
            return;
        }
        if (FLAGS.contains(name.text())) {
            draft.unlike(name.with("--" + name.text()), "", why(name));
            return;
        }
        if (attached.isEmpty() && at == words.size()) {
            throw new ImportException(name, "--" + name.text() + " has no value; write one");
        }
        Word value = attached.isEmpty() ? words.get(at++) : name.with(attached);
        switch (name.text()) {
            case "listen" -> draft.listen(address(value).listener(port(value)));
            case "timeout" -> Sslh.silent(draft, value);
            case "on-timeout" -> probes.onTimeout(value.is("ssl") ? "tls" : value.text());
            case "config" ->
                throw new ImportException(value, "the configuration is in " + value.text() + "; import that file");
            case "ssl", "tls", "ssh", "openvpn", "http", "xmpp", "tinc", "socks5", "adb", "anyprot" -> {
                Word probe = name.with(name.is("ssl") ? "tls" : name.text());
                String backend = address(value).backend(port(value));
                probes.add(new Probe(probe, backend, List.of(), List.of(), SslhProbes.takesAll(probe)));
            }
            default -> draft.unlike(name.with("--" + name.text()), value.text(), why(name));
        }
    }

    private static String why(Word name) {
        return Sslh.UNLIKE.getOrDefault(name.text(), "portshare has no such option");
    }

    private static Word address(Word value) throws ImportException {
        return value.with(value.text().substring(0, colon(value)));
    }

    private static Word port(Word value) throws ImportException {
        return value.with(value.text().substring(colon(value) + 1));
    }

    private static int colon(Word value) throws ImportException {
        int colon = value.text().lastIndexOf(':');
        if (colon <= 0) {
            throw new ImportException(value, "no port in \"" + value.text() + "\"; write HOST:PORT");
        }
        return colon;
    }
}
