package dev.portshare.telemetry;

import java.util.function.Consumer;
import org.apache.logging.log4j.Level;

/** Takes the lines of a log, on any thread; never blocks, since event loops call it. */
@FunctionalInterface
public interface LineSink {
    /**
     * Adds a line.
     *
     * @param text appends the line to what it is given; may be called later, and on another thread
     */
    void add(Level level, Consumer<StringBuilder> text);
}
