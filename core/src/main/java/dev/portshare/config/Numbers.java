package dev.portshare.config;

import java.util.OptionalInt;

/** Reads whole numbers. */
final class Numbers {
    private Numbers() {}

    /** The number that {@code word} is, from 1 to {@code most}; empty: it is none. */
    static OptionalInt upTo(int most, String word) {
        // As many digits as a long has room for in any case.
        long number = word.matches("[0-9]{1,18}") ? Long.parseLong(word) : 0;
        return number < 1 || number > most ? OptionalInt.empty() : OptionalInt.of((int) number);
    }
}
