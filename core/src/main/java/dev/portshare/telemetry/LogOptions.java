package dev.portshare.telemetry;

import dev.portshare.session.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds, how it looks, and where it goes.
 *
 * @param file        where it goes; null: to standard output
 * @param connections which of the connections that have ended leave a line
 * @param sample      of unremarkable connections one in so many leaves its line, at least 1
 * @param clients     how much of a client's address is shown
 */
public record LogOptions(
        Format format, @Nullable LogFile file, Connections connections, int sample, AddressMask clients) {
    public static final LogOptions DEFAULTS = new LogOptions(Format.TEXT, null, Connections.ALL, 1, AddressMask.WHOLE);

    /** How a line looks. */
    public enum Format {
        /** Time, level, and {@code key=value} pairs or a message. */
        TEXT,
        /** One object a line (RFC 8259), with the same keys. */
        JSON
    }

    /** Which connections leave a line. */
    public enum Connections {
        ALL,
        /** All but the {@linkplain CloseReason#isUnremarkable unremarkable}. */
        REFUSED,
        NONE
    }

    /** The same in another format. */
    public LogOptions in(Format format) {
        return new LogOptions(format, file, connections, sample, clients);
    }

    /** Whether connection {@code id}, which ended for {@code reason}, leaves a line. */
    boolean keeps(long id, CloseReason reason) {
        if (!reason.isUnremarkable()) {
            return connections != Connections.NONE;
        }
        return connections == Connections.ALL && (sample == 1 || isSampled(id));
    }

    /** By a hash of the number: each event loop gives its own numbers, which have a pattern. */
    private boolean isSampled(long id) {
        return (id * 0x9E3779B97F4A7C15L >>> 32) % sample == 0;
    }
}
