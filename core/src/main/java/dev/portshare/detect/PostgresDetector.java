package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises a PostgreSQL client by its first message: SSLRequest, GSSENCRequest, CancelRequest, or a whole
 * StartupMessage. Source: PostgreSQL 18, "Message Formats", and src/include/libpq/pqcomm.h.
 */
public final class PostgresDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.POSTGRES);
    private static final int REQUEST_LENGTH = 8;
    /** With a key of 4 bytes, and of 256 (protocol 3.2). */
    private static final int MIN_CANCEL_LENGTH = 16;

    private static final int MAX_CANCEL_LENGTH = 268;
    /** Length and version; one parameter with a name of one byte and an empty value; the final zero. */
    private static final int MIN_STARTUP_LENGTH = 8 + 3 + 1;
    /** MAX_STARTUP_PACKET_LENGTH. */
    private static final int MAX_LENGTH = 10_000;

    @Override
    protected Detection read(ByteReader in) {
        in.pass("\0\0");
        int length = in.number(2, REQUEST_LENGTH, MAX_LENGTH);
        boolean cancels = MIN_CANCEL_LENGTH <= length && length <= MAX_CANCEL_LENGTH;
        boolean starts = length >= MIN_STARTUP_LENGTH;
        require(length == REQUEST_LENGTH || starts);
        int code = in.next();
        if (code == 4) {
            require(length == REQUEST_LENGTH || cancels);
            in.pass("\u00d2\u0016"); // 1234 in the upper half, and the first byte of 5678 to 5680
            in.number(1, cancels ? 0x2E : 0x2F, cancels ? 0x2E : 0x30);
        } else {
            require(code == 0 && starts);
            in.pass("\3");
            in.skip(2); // minor version: a server negotiates it
            parameters(in, length - 8);
        }
        return MATCH;
    }

    /** Passes pairs of name and value, each with a zero behind it, and a final zero, which fill {@code block} bytes. */
    private static void parameters(ByteReader in, int block) {
        int left = block;
        while (left > 1) {
            int name = 0;
            // Behind a name's last byte come its zero, the value's and the final one.
            for (int next = in.next(); next != 0; next = in.next()) {
                name++;
                require(left - name >= 3);
            }
            require(name > 0);
            left -= name + 1;
            int value = 0;
            for (int next = in.next(); next != 0; next = in.next()) {
                value++;
                require(left - value >= 2);
            }
            left -= value + 1;
            require(left == 1 || left >= 4); // the final zero, or one more pair
        }
        in.pass("\0");
    }
}
