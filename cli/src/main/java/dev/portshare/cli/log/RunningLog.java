package dev.portshare.cli.log;

import dev.portshare.ReloadParticipant;
import dev.portshare.config.Configuration;
import dev.portshare.session.ConnectionObserver;
import dev.portshare.telemetry.AccessLog;
import dev.portshare.telemetry.LogOptions;
import dev.portshare.telemetry.LogOptions.Format;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The log of a program that serves, as its configuration says, and another one after a reload. */
public final class RunningLog implements ReloadParticipant {
    private final Log log;
    private final @Nullable Format format;
    private final LogOptions first;
    private final AccessLog connections;

    /**
     * The log that {@code options} want, for which lines are collected from now on.
     *
     * @param format what the command line says, which comes before the options; null: nothing
     */
    public RunningLog(Log log, LogOptions options, @Nullable Format format) {
        this.log = log;
        this.format = format;
        this.first = options;
        this.connections = new AccessLog(log, options);
    }

    /**
     * Opens it, as the user that this process is now, who opens it again later, and writes what was collected.
     *
     * @throws IOException where that cannot be; its message is all that there is to say to the user
     */
    public void start() throws IOException {
        log.use(open(first));
    }

    private Destination open(LogOptions options) throws IOException {
        return log.open(format == null ? options : options.in(format));
    }

    /** Writes a line for each connection that ends, where it is to have one. */
    public ConnectionObserver connections() {
        return connections;
    }

    /** As {@link Log#dropped}. */
    public long dropped() {
        return log.dropped();
    }

    /** As {@link Log#follow}. */
    public void follow() {
        log.follow();
    }

    /** Opens the new log already: where that fails, all stays as it is. */
    @Override
    public Step prepare(Configuration configuration) throws IOException {
        LogOptions options = configuration.log();
        Destination next = open(options);
        return new Step() {
            @Override
            public void commit() {
                log.use(next);
                connections.use(options);
            }

            @Override
            public void undo() {
                next.close();
            }
        };
    }
}
