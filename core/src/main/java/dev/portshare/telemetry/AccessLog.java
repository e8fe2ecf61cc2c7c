package dev.portshare.telemetry;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Endpoint;
import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;

/**
 * One line a connection: a warning where the operator can do something about its end. Of many that are turned away, only some
 * leave one.
 */
public final class AccessLog implements ConnectionObserver {
    private final LineSink lines;
    private volatile LogOptions options;
    /** Null until a client is turned away. */
    private volatile @Nullable Ration ration;

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
        if (current.keeps(connection.id(), connection.close()) && isGranted(connection.close())) {
            lines.add(
                    connection.close().isRemediable() ? Level.WARN : Level.INFO,
                    new ConnectionLine(connection, current.clients()));
        }
    }

    @Override
    public void opened(long id, Endpoint client, String what) {
        KnockLog.opened(id, client, options.clients(), what);
    }

    private boolean isGranted(CloseReason reason) {
        Ration current = ration;
        if (reason.isTurnedAway()) {
            return (current == null ? ration() : current).grants(reason);
        }
        if (current != null && current.owes()) {
            current.settle();
        }
        return true;
    }

    private synchronized Ration ration() {
        Ration made = ration == null ? new Ration(System::nanoTime) : ration;
        ration = made;
        return made;
    }
}
