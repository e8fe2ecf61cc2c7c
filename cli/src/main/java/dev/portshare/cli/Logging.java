package dev.portshare.cli;

import java.time.Duration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.appender.AsyncAppender;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** How the program logs: to standard output, behind a queue. In code, since reading it from XML took a fifth of the start. */
final class Logging extends AbstractConfiguration {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %level %msg%n%throwable";
    /** In lines. When they are full, further lines are dropped. */
    private static final int QUEUE = 16_384;

    private Logging() {
        super(null, ConfigurationSource.NULL_SOURCE);
    }

    /** To be called before anything logs. */
    static void begin() {
        Configurator.initialize(new Logging());
    }

    /** Writes what is left. Whoever should read the log, and has stopped reading, is waited for five seconds at most. */
    static void end() {
        try {
            var _ = Thread.ofPlatform().daemon().start(LogManager::shutdown).join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void doConfigure() {
        // The program ends its log itself, behind the last connection's line.
        isShutdownHookEnabled = false;
        Appender stdout = ConsoleAppender.newBuilder()
                .setName("stdout")
                .setConfiguration(this)
                .setLayout(PatternLayout.newBuilder()
                        .setConfiguration(this)
                        .setPattern(PATTERN)
                        .build())
                .setDirect(true)
                // Written when no further line waits, or the buffer is full: many lines are one system call.
                .setImmediateFlush(false)
                .build();
        addAppender(stdout);
        // An event loop must never wait for whoever reads the log.
        AsyncAppender log = AsyncAppender.newBuilder()
                .setName("log")
                .setConfiguration(this)
                .setAppenderRefs(new AppenderRef[] {AppenderRef.createAppenderRef("stdout", null, null)})
                .setBufferSize(QUEUE)
                .setBlocking(false)
                .build();
        addAppender(log);
        getRootLogger().setLevel(Level.INFO);
        getRootLogger().addAppender(log, null, null);
    }
}
