package dev.portshare.telemetry;

import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Escaped;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Writes one line a connection: a warning where the operator can do something about its end. */
public final class AccessLog implements ConnectionObserver {
    private static final Logger LOG = LogManager.getLogger("connection");
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** In chars; a hello has room for 64 KiB of names, browsers send a dozen bytes. */
    private static final int LONGEST_ALPN = 4000;

    @Override
    public void closed(ConnectionRecord connection) {
        LOG.log(connection.close().isFault() ? Level.WARN : Level.INFO, line(connection));
    }

    /** {@code key=value} pairs, in the fixed order of docs/operations.md, {@code -} where unknown. */
    public static String line(ConnectionRecord connection) {
        StringBuilder line = new StringBuilder(240);
        add(line, "id", connection.id());
        add(line, "src", connection.client());
        add(line, "dst", connection.local());
        add(line, "proto", connection.protocol());
        add(line, "sni", connection.serverName() == null ? null : Escaped.of(connection.serverName()));
        add(line, "alpn", names(connection));
        add(line, "route", connection.route());
        add(line, "backend", connection.backend());
        add(line, "in", connection.in());
        add(line, "out", connection.out());
        add(line, "head_ms", millis(connection.headNanos()));
        add(line, "connect_ms", millis(connection.connectNanos()));
        add(line, "ms", millis(connection.nanos()));
        add(line, "close", connection.close());
        return line.toString();
    }

    private static void add(StringBuilder line, String key, @Nullable Object value) {
        if (!line.isEmpty()) {
            line.append(' ');
        }
        line.append(key).append('=').append(value == null ? "-" : value);
    }

    /** The names with commas between, so a comma within one is escaped like everything that could mislead. */
    private static @Nullable String names(ConnectionRecord connection) {
        StringBuilder names = new StringBuilder();
        for (String name : connection.applicationProtocols()) {
            if (names.length() > LONGEST_ALPN) {
                return names.append("...").toString();
            }
            names.append(Escaped.of(name).replace(",", "\\x2c")).append(',');
        }
        return names.isEmpty() ? null : names.substring(0, names.length() - 1);
    }

    private static @Nullable Long millis(long nanos) {
        return nanos < 0 ? null : nanos / NANOS_PER_MILLI;
    }
}
