package dev.portshare.telemetry;

import org.apache.logging.log4j.Level;

/** Takes the lines of a log, on any thread; never blocks, since event loops call it. */
@FunctionalInterface
public interface LineSink {
    void add(Level level, LogLine line);
}
