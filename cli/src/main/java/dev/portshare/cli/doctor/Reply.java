package dev.portshare.cli.doctor;

import java.util.Arrays;

/**
 * What a server makes of a client.
 *
 * @param bytes the first that it sends
 * @param end   how it goes on
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares two of them.
record Reply(byte[] bytes, End end) {
    /** How a connection goes on. */
    enum End {
        /** It stays open for as long as was waited. */
        OPEN,
        /** It is closed. */
        CLOSED,
        /** It is reset. */
        RESET,
        /** There is none: nobody accepts. */
        NONE
    }

    /** Whether it begins so. */
    boolean begins(int... start) {
        byte[] first = new byte[start.length];
        for (int i = 0; i < start.length; i++) {
            first[i] = (byte) start[i];
        }
        return bytes.length >= first.length && Arrays.equals(bytes, 0, first.length, first, 0, first.length);
    }
}
