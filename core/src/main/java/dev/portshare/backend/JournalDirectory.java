package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.route.Journal;
import java.util.function.Consumer;

/** A directory with one file for each live connection. */
public final class JournalDirectory {
    private final Journal journal;

    JournalDirectory(Journal journal) {
        this.journal = journal;
    }

    /** Tells what of this the machine does not permit, with its remedy. */
    void check(Consumer<String> problem) {
        problem.accept("journal " + journal.directory() + ": not there yet");
    }

    /** Writes of {@code connection}, whose backend's side has an address by now, and removes that when it closes; on its event loop. */
    void write(Connection connection) {}

    /** Goes on with what another process wrote of {@code connection}. */
    void adopt(Connection connection) {}

    /** Removes what no living connection has left here. */
    void sweep() {}
}
