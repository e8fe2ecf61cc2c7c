package dev.portshare.cli.log;

import dev.portshare.telemetry.LogFile;
import dev.portshare.telemetry.LogOptions;
import dev.portshare.telemetry.LogOptions.Format;
import java.io.IOException;
import java.util.function.Consumer;

/** Where lines go, and how they look there. Open until it is closed, or handed to {@link Log#use}. */
public final class Destination {
    private final Output output;
    private final Format format;
    private final boolean isJournal;

    Destination(Output output, Format format, boolean isJournal) {
        this.output = output;
        this.format = format;
        this.isJournal = isJournal;
    }

    static Destination open(LogOptions options, Consumer<String> complaints) throws IOException {
        LogFile file = options.file();
        return file == null
                ? new Destination(
                        new StandardOutput(), options.format(), JournalStream.reads(System.getenv("JOURNAL_STREAM")))
                : new Destination(FileOutput.open(file, complaints), options.format(), false);
    }

    Output output() {
        return output;
    }

    Layout layout(StringBuilder text) {
        return format == Format.JSON ? new JsonLayout(text, isJournal) : new TextLayout(text, isJournal);
    }

    /** Gives it up, unused. */
    public void close() {
        output.close();
    }
}
