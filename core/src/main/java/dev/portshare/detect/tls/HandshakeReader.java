package dev.portshare.detect.tls;

import dev.portshare.detect.ByteReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the handshake bytes of a head and steps over the record headers between them: a ClientHello may span records, and
 * a record border may stand anywhere (RFC 8446, 5.1).
 */
final class HandshakeReader extends ByteReader {
    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final int MAX_FRAGMENT = 1 << 14;

    private int recordLeft;

    HandshakeReader(ByteBuffer head) {
        super(head);
    }

    @Override
    public int next() {
        if (recordLeft == 0) {
            openRecord();
        }
        int next = super.next();
        recordLeft--;
        return next;
    }

    @Override
    public void skip(int count) {
        int left = count;
        while (left > 0) {
            if (recordLeft == 0) {
                openRecord();
            }
            int step = Math.min(left, recordLeft);
            super.skip(step);
            recordLeft -= step;
            left -= step;
        }
    }

    /** Copies the next {@code length} bytes to {@code to}, at {@code from}. They must have been passed once before. */
    void read(byte[] to, int from, int length) {
        for (int i = 0; i < length; i++) {
            to[from + i] = (byte) next();
        }
    }

    /** The next {@code length} bytes as text, one char a byte (ISO 8859-1). They must have been passed once before. */
    String text(int length) {
        byte[] bytes = new byte[length];
        read(bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Where the next byte stands. */
    Mark mark() {
        return new Mark(head.position(), recordLeft);
    }

    void returnTo(Mark mark) {
        head.position(mark.position);
        recordLeft = mark.recordLeft;
    }

    /** Reads a record's header. */
    private void openRecord() {
        recordLeft = RECORD_HEADER; // so that number() can read the header like any other bytes
        number(1, HANDSHAKE, HANDSHAKE);
        number(1, 3, 3); // SSL 3.0 to TLS 1.3 all say major version 3
        number(1, 0, 0xFF);
        recordLeft = number(2, 1, MAX_FRAGMENT); // a handshake record may not be empty
    }

    /** A place to return to: the next byte's index, and how much of its record is left there. */
    record Mark(int position, int recordLeft) {}
}
