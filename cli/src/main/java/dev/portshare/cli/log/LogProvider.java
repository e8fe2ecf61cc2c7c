package dev.portshare.cli.log;

import dev.portshare.telemetry.LineSink;
import java.net.URI;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.MessageFactory;
import org.apache.logging.log4j.simple.SimpleLogger;
import org.apache.logging.log4j.simple.SimpleLoggerContext;
import org.apache.logging.log4j.simple.SimpleLoggerContextFactory;
import org.apache.logging.log4j.spi.ExtendedLogger;
import org.apache.logging.log4j.spi.LoggerContext;
import org.apache.logging.log4j.spi.LoggerContextFactory;
import org.apache.logging.log4j.spi.Provider;
import org.apache.logging.log4j.util.PropertiesUtil;
import org.jspecify.annotations.Nullable;

/**
 * Leads what is logged through Log4j's API into a {@link LineSink}; until it is told of one, and in commands that have none,
 * warnings and errors go to standard error. Log4j finds it as a service (META-INF/services).
 */
public final class LogProvider extends Provider {
    private static volatile @Nullable LineSink sink;

    /** For Log4j. */
    public LogProvider() {
        super(1, CURRENT_VERSION);
    }

    @Override
    public LoggerContextFactory getLoggerContextFactory() {
        return new Factory();
    }

    /** From now on everything from INFO upwards goes to {@code sink}. */
    public static void leadTo(LineSink sink) {
        LogProvider.sink = sink;
    }

    /** Gives the one context there is. */
    private static final class Factory extends SimpleLoggerContextFactory {
        private final LoggerContext context = new Context();

        @Override
        public LoggerContext getContext(
                String caller, ClassLoader loader, @Nullable Object external, boolean currentContext) {
            return context;
        }

        @Override
        public LoggerContext getContext(
                String caller,
                ClassLoader loader,
                @Nullable Object external,
                boolean currentContext,
                @Nullable URI configuration,
                @Nullable String name) {
            return context;
        }
    }

    private static final class Context extends SimpleLoggerContext {
        @Override
        public ExtendedLogger getLogger(String name) {
            return getLogger(name, null);
        }

        @Override
        public ExtendedLogger getLogger(String name, @Nullable MessageFactory messages) {
            return new LineLogger(name, messages);
        }
    }

    /** Of Log4j's simple logger the levels are used, and nothing of how it writes. */
    private static final class LineLogger extends SimpleLogger {
        LineLogger(String name, @Nullable MessageFactory messages) {
            super(
                    name,
                    Level.INFO,
                    false,
                    false,
                    false,
                    false,
                    "",
                    messages,
                    PropertiesUtil.getProperties(),
                    System.err);
        }

        @Override
        public void logMessage(
                String caller, Level level, @Nullable Marker marker, Message message, @Nullable Throwable thrown) {
            // Log4j reuses the message for the next line of this thread.
            String text = message.getFormattedMessage();
            LineSink lines = sink;
            if (lines != null) {
                lines.add(level, fields -> fields.message(text, thrown));
            } else if (level.isMoreSpecificThan(Level.WARN)) {
                complain(text, thrown);
            }
        }

        private static void complain(String text, @Nullable Throwable thrown) {
            StringBuilder complaint = new StringBuilder("portshare: ").append(text);
            if (thrown != null) {
                StackTrace.of(thrown).forEach(line -> complaint.append('\n').append(line));
            }
            System.err.println(complaint);
        }
    }
}
