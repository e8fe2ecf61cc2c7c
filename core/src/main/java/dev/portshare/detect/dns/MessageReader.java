package dev.portshare.detect.dns;

import static dev.portshare.detect.ByteReader.require;

import dev.portshare.detect.ByteReader;

/** Reads question and records of a message whose length and number of records are known: the last of them ends with it. */
final class MessageReader {
    /** The root's name, type, class, time to live, and no data. */
    static final int MIN_RECORD = 1 + 2 + 2 + 4 + 2;

    static final int MAX_NAME = 255;

    private static final int MAX_LABEL = 63;
    private static final int POINTER = 0xC0;
    /** Where the first name stands, before which no pointer leads. */
    private static final int FIRST_NAME = 12;

    private final ByteReader in;
    private int at;
    private int spare;

    /**
     * Of what {@code in} reads next.
     *
     * @param at    how much of the message has been read
     * @param spare how much longer the rest is than its parts at their shortest
     */
    MessageReader(ByteReader in, int at, int spare) {
        this.in = in;
        this.at = at;
        this.spare = spare;
    }

    /** Passes the question: name, type, class. */
    void question(boolean last) {
        name(false, last);
        in.number(2, 1, 0xFFFF);
        in.pass("\0");
        int type = in.next();
        require(type == 1 || type == 3 || type == 4 || type == 255); // Internet, Chaos, Hesiod, any
        at += 4;
    }

    /** Passes one record, whatever its data. */
    void record(boolean last) {
        name(true, false);
        in.skip(8);
        int length = in.number(2, last ? spare : 0, spare);
        in.skip(length);
        spare -= length;
        at += 10 + length;
    }

    /**
     * Passes a name: labels behind their lengths, then the root or a pointer to an earlier name.
     *
     * @param fills whether it takes up all that is spare
     */
    private void name(boolean mayPoint, boolean fills) {
        int start = at;
        while (true) {
            int length = in.next();
            at++;
            if (length == 0) {
                require(!fills || spare == 0);
                return;
            }
            if (length >= POINTER) {
                require(mayPoint && spare > 0);
                spare--;
                pointer(length & ~POINTER, start - 1);
                return;
            }
            int size = 1 + length;
            require(length <= MAX_LABEL && size <= spare && at + length - start < MAX_NAME);
            spare -= size;
            require(!fills || spare != 1); // no label is one byte long
            in.skip(length);
            at += length;
        }
    }

    private void pointer(int high, int max) {
        require(high <= max >> 8);
        in.number(1, high == 0 ? FIRST_NAME : 0, high == max >> 8 ? max & 0xFF : 0xFF);
        at++;
    }
}
