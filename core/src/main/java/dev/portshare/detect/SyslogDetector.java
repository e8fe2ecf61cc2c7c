package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.isDigit;
import static dev.portshare.detect.ByteReader.require;

import java.nio.ByteBuffer;

/**
 * Recognises syslog over TCP (RFC 6587), with the message's length in front or without, by the priority that every message
 * begins with (RFC 5424, 6.2.1; RFC 3164, 4.1.1). MATCH comes with the byte behind it.
 */
public final class SyslogDetector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.SYSLOG);

    /** Facility 23, severity 7. */
    private static final int MAX_PRIORITY = 191;
    /** A priority of one digit in its brackets, and a byte of text. */
    private static final int MIN_MESSAGE = 4;
    /** Of a message's length: that of 10 MB is longer than what any receiver takes. */
    private static final int MAX_DIGITS = 7;

    @Override
    public Detection detect(ByteBuffer head) {
        ByteReader in = new ByteReader(head);
        try {
            int c = in.next();
            int left = Integer.MAX_VALUE; // without a length, the message ends somewhere
            if (c != '<') {
                left = length(in, c);
                require(in.next() == '<');
            }
            passPriority(in, left - 1);
            c = in.next();
            require(c >= ' ' && c != 0x7F);
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }

    /** The decimal number that begins with {@code first}, up to the blank behind it. */
    private static int length(ByteReader in, int first) {
        require(isDigit(first) && first != '0');
        int length = first - '0';
        for (int digits = 1; ; digits++) {
            int c = in.next();
            if (c == ' ') {
                require(length >= MIN_MESSAGE);
                return length;
            }
            require(digits < MAX_DIGITS && isDigit(c));
            length = 10 * length + c - '0';
        }
    }

    /** A number without leading zeros, and the bracket behind it; so short that a byte of text fits into {@code left}. */
    private static void passPriority(ByteReader in, int left) {
        int c = in.next();
        require(isDigit(c));
        int priority = c - '0';
        int room = left - 1;
        while (true) {
            c = in.next();
            room--;
            if (c == '>') {
                return;
            }
            require(isDigit(c) && priority > 0 && room >= 2);
            priority = 10 * priority + c - '0';
            require(priority <= MAX_PRIORITY);
        }
    }
}
