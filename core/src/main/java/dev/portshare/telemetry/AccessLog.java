package dev.portshare.telemetry;

import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Escaped;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;

/** One line a connection: a warning where the operator can do something about its end. */
public final class AccessLog implements ConnectionObserver {
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** In chars; a hello has room for 64 KiB of names, browsers send a dozen bytes. */
    private static final int LONGEST_ALPN = 4000;

    private final LineSink lines;

    /** Adds its lines to {@code lines}. */
    public AccessLog(LineSink lines) {
        this.lines = lines;
    }

    @Override
    public void closed(ConnectionRecord connection) {
        lines.add(connection.close().isFault() ? Level.WARN : Level.INFO, line -> append(connection, line));
    }

    /** Appends {@code key=value} pairs, in the fixed order of docs/operations.md, {@code -} where unknown. */
    static void append(ConnectionRecord connection, StringBuilder line) {
        line.append("id=").append(connection.id());
        add(line, " src=", connection.client());
        add(line, " dst=", connection.local());
        add(line, " proto=", connection.protocol());
        add(line, " sni=", connection.serverName() == null ? null : Escaped.of(connection.serverName()));
        addNames(line.append(" alpn="), connection.applicationProtocols());
        add(line, " route=", connection.route());
        add(line, " backend=", connection.backend());
        line.append(" in=").append(connection.in()).append(" out=").append(connection.out());
        addMillis(line.append(" head_ms="), connection.headNanos());
        addMillis(line.append(" connect_ms="), connection.connectNanos());
        addMillis(line.append(" ms="), connection.nanos());
        add(line, " close=", connection.close());
    }

    private static void add(StringBuilder line, String key, @Nullable Object value) {
        line.append(key).append(value == null ? "-" : value.toString());
    }

    /** The names with commas between, so a comma within one is escaped like everything that could mislead. */
    private static void addNames(StringBuilder line, List<String> names) {
        if (names.isEmpty()) {
            line.append('-');
            return;
        }
        int start = line.length();
        for (String name : names) {
            if (line.length() > start + LONGEST_ALPN) {
                line.append("...,");
                break;
            }
            line.append(Escaped.of(name).replace(",", "\\x2c")).append(',');
        }
        line.setLength(line.length() - 1);
    }

    private static void addMillis(StringBuilder line, long nanos) {
        if (nanos < 0) {
            line.append('-');
        } else {
            line.append(nanos / NANOS_PER_MILLI);
        }
    }
}
