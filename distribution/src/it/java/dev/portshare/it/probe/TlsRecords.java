package dev.portshare.it.probe;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What can be told of a server's TLS records (RFC 8446, 5.1) without its keys. */
final class TlsRecords {
    private static final int HEADER = 5;
    private static final int ALERT = 21;
    private static final int OPEN_ALERT = 2;

    private TlsRecords() {}

    private interface Visitor {
        void record(int type, int from, int length);
    }

    /** Whether all of {@code bytes} are records. */
    private static boolean walk(byte[] bytes, Visitor visitor) {
        int at = 0;
        while (at + HEADER <= bytes.length && bytes[at] >= 20 && bytes[at] <= 23 && bytes[at + 1] == 3) {
            int length = (bytes[at + 3] & 0xFF) << 8 | bytes[at + 4] & 0xFF;
            if (at + HEADER + length > bytes.length) {
                return false;
            }
            visitor.record(bytes[at], at + HEADER, length);
            at += HEADER + length;
        }
        return at == bytes.length;
    }

    /** Of each record; empty: it is no TLS. */
    static List<Integer> types(byte[] bytes) {
        List<Integer> types = new ArrayList<>();
        return walk(bytes, (type, _, _) -> types.add(type)) ? types : List.of();
    }

    /** Of each record's content; empty: it is no TLS. */
    static List<Integer> lengths(byte[] bytes) {
        List<Integer> lengths = new ArrayList<>();
        return walk(bytes, (_, _, length) -> lengths.add(length)) ? lengths : List.of();
    }

    /** The alerts that are not encrypted, in hexadecimal. */
    static List<String> alerts(byte[] bytes) {
        List<String> alerts = new ArrayList<>();
        walk(bytes, (type, from, length) -> {
            if (type == ALERT && length == OPEN_ALERT) {
                alerts.add(HexFormat.of().formatHex(bytes, from, from + length));
            }
        });
        return alerts;
    }

    /** The types of the records, and the alerts. */
    static String describe(byte[] bytes) {
        List<String> alerts = alerts(bytes);
        return types(bytes).size() == alerts.size() ? "alert " + String.join(" ", alerts) : types(bytes) + " " + alerts;
    }
}
