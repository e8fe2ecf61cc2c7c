package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.isDigit;
import static dev.portshare.detect.ByteReader.isLetter;
import static dev.portshare.detect.ByteReader.isPrintable;
import static dev.portshare.detect.ByteReader.require;

import java.nio.ByteBuffer;

/**
 * Recognises a Redis client by its first command (Redis serialization protocol specification): an array whose first string is
 * the command's name, or one of the inline commands with which people and health checks begin. MATCH comes with the end of
 * the name, or of the inline command's line.
 */
public final class RedisDetector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.REDIS);

    /** More strings than that a server refuses in one command (redis, src/networking.c). */
    private static final int MAX_STRINGS = 1024 * 1024;
    /** The longest name of a command is half of that. */
    private static final int MAX_NAME = 64;
    /** Of an inline command, in bytes with its end: the server allows 64 KiB, for commands that nobody begins with. */
    private static final int MAX_LINE = 512;
    /**
     * What a connection begins with. Other inline commands, such as {@code GET} and {@code SET}, are words of other
     * protocols too.
     */
    private static final Words INLINE =
            Words.ofAnyCase("AUTH", "CLIENT", "COMMAND", "HELLO", "INFO", "PING", "ROLE", "SELECT");

    @Override
    public Detection detect(ByteBuffer head) {
        ByteReader in = new ByteReader(head);
        try {
            int first = in.next();
            if (first == '*') {
                number(in, MAX_STRINGS);
                in.pass("$");
                passName(in, number(in, MAX_NAME));
            } else {
                passInline(in, first);
            }
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }

    /** A decimal number from 1 to {@code max}, without leading zeros, and the line's end. */
    private static int number(ByteReader in, int max) {
        int c = in.next();
        require(isDigit(c) && c != '0');
        int number = c - '0';
        for (c = in.next(); c != '\r'; c = in.next()) {
            require(isDigit(c));
            number = 10 * number + c - '0';
            require(number <= max);
        }
        in.pass("\n");
        return number;
    }

    /** A letter, then also digits and what the names of modules and subcommands have. */
    private static void passName(ByteReader in, int length) {
        require(isLetter(in.next()));
        for (int i = 1; i < length; i++) {
            int c = in.next();
            require(isLetter(c) || isDigit(c) || c == '.' || c == '_' || c == '-' || c == '|');
        }
        in.pass("\r\n");
    }

    private static void passInline(ByteReader in, int first) {
        String name = INLINE.read(in, first);
        int c = in.last();
        if (c == ' ') {
            c = in.next();
            require(name.equals("HELLO") || name.equals("SELECT") ? isDigit(c) : isPrintable(c));
        }
        in.passLine(c, MAX_LINE);
    }
}
