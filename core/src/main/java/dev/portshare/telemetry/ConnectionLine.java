package dev.portshare.telemetry;

import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Endpoint;
import dev.portshare.session.Escaped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The line of a connection that has ended: the keys of docs/operations.md, in their order. */
record ConnectionLine(ConnectionRecord connection, AddressMask clients) implements LogLine {
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** In chars; a hello has room for 64 KiB of names, browsers send a dozen bytes. */
    private static final int LONGEST_ALPN = 4000;
    /** The longest name and the object around it; a hello holds 64 KiB at most, and two bytes more for each name. */
    private static final int HEAVIEST_NAME = 256;

    private static final int HEAVIEST_NAMES = 64 * 1024;

    @Override
    public void writeTo(LogFields fields) {
        ConnectionRecord c = connection;
        fields.add("id", c.id());
        Endpoint client = c.client();
        fields.add("src", client == null ? null : clients.show(client));
        Endpoint local = c.local();
        fields.add("dst", local == null ? null : local.toString());
        fields.add("proto", c.protocol());
        String name = c.serverName();
        fields.add("sni", name == null ? null : Escaped.of(name));
        fields.add("alpn", names(c.applicationProtocols()));
        fields.add("route", c.route());
        fields.add("backend", c.backend());
        Endpoint standIn = c.standIn();
        if (standIn != null && clients.isWhole()) {
            // With addresses cut short, it would single out a client that they do not.
            fields.add("as", standIn.hostString());
        }
        fields.add("in", c.in());
        fields.add("out", c.out());
        addMillis(fields, "head_ms", c.headNanos());
        addMillis(fields, "connect_ms", c.connectNanos());
        addMillis(fields, "ms", c.nanos());
        fields.add("close", c.close().toString());
    }

    /** The names with commas between, so a comma within one is escaped like everything that could mislead. */
    private static @Nullable CharSequence names(List<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        StringBuilder joined = new StringBuilder();
        for (String name : names) {
            if (joined.length() > LONGEST_ALPN) {
                joined.append("...,");
                break;
            }
            joined.append(Escaped.of(name).replace(",", "\\x2c")).append(',');
        }
        joined.setLength(joined.length() - 1);
        return joined;
    }

    private static void addMillis(LogFields fields, String key, long nanos) {
        if (nanos < 0) {
            fields.add(key, null);
        } else {
            fields.add(key, nanos / NANOS_PER_MILLI);
        }
    }

    @Override
    public int weight() {
        int names = connection.applicationProtocols().size();
        return 2 * names + Math.min(HEAVIEST_NAME * names, HEAVIEST_NAMES);
    }
}
