package dev.portshare.telemetry;

import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.ConnectionRecord;
import org.apache.logging.log4j.Level;

/** One line a connection: a warning where the operator can do something about its end. */
public final class AccessLog implements ConnectionObserver {
    private final LineSink lines;
    private volatile LogOptions options;

    /** Adds its lines to {@code lines}, those that {@code options} keep. */
    public AccessLog(LineSink lines, LogOptions options) {
        this.lines = lines;
        this.options = options;
    }

    /** From now on, {@code options} choose the lines. */
    public void use(LogOptions options) {
        this.options = options;
    }

    @Override
    public void closed(ConnectionRecord connection) {
        LogOptions current = options;
        if (current.keeps(connection.id(), connection.close())) {
            lines.add(
                    connection.close().isRemediable() ? Level.WARN : Level.INFO,
                    new ConnectionLine(connection, current.clients()));
        }
    }
}
