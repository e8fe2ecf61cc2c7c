package dev.portshare.cli.imports;

import dev.portshare.listen.ListenAddress;
import dev.portshare.route.Backend;
import dev.portshare.route.HostPort;
import dev.portshare.route.ServerNamePattern;
import java.util.function.Function;

/**
 * A word of a file, and where it stands.
 *
 * @param line   from 1
 * @param column from 1
 */
record Word(String text, int line, int column) {
    boolean is(String other) {
        return text.equals(other);
    }

    /** The same place, another text. */
    Word with(String other) {
        return new Word(other, line, column);
    }

    /** What {@code parse} makes of it; its IllegalArgumentException is an error of this place. */
    <T> T read(Function<String, T> parse) throws ImportException {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new ImportException(this, String.valueOf(e.getMessage()));
        }
    }

    /** The notation of the pattern of server names that {@code pattern} is, in the place of this word. */
    String serverName(String pattern) throws ImportException {
        if (pattern.chars().anyMatch(Character::isWhitespace)) {
            throw new ImportException(this, "a blank, which no server name has; leave it out");
        }
        return with(pattern).read(ServerNamePattern::parse).toString();
    }

    /** The notation of the backend {@code host} and {@code port}, where this word is the host. */
    String backend(Word port) throws ImportException {
        return with(HostPort.notation(unbracketed(), Ports.number(port)))
                .read(Backend::parse)
                .toString();
    }

    /** The notation of the listening address {@code host} and {@code port}, where this word is the host. */
    String listener(Word port) throws ImportException {
        return with(HostPort.notation(unbracketed(), Ports.number(port)))
                .read(ListenAddress::parse)
                .toString();
    }

    private String unbracketed() {
        return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    }
}
