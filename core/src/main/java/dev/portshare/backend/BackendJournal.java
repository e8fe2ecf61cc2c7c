package dev.portshare.backend;

import dev.portshare.connection.Attachment;
import dev.portshare.connection.Connection;
import dev.portshare.route.Journal;
import dev.portshare.session.Endpoint;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells a backend whose connections it has, by a file for each: its name is the address and port that the backend sees, and it says the
 * client's.
 */
public final class BackendJournal {
    private static final Journal.Format[] FORMATS = Journal.Format.values();

    private final JournalDirectory directory;
    private final Journal.Format format;

    BackendJournal(JournalDirectory directory, Journal.Format format) {
        this.directory = directory;
        this.format = format;
    }

    JournalDirectory directory() {
        return directory;
    }

    /**
     * Writes of {@code connection}, whose backend's side has an address by now, and removes that when it closes; on its event loop.
     *
     * @return false where this very address and port is that of another connection in the journal, to another backend: it takes another
     *         port to tell them apart
     */
    boolean write(Connection connection) {
        String name = name(connection, format);
        String text = text(connection, format);
        if (name == null || text == null) {
            return true;
        }
        if (!directory.claim(name)) {
            return false;
        }
        if (directory.write(name, text)) {
            connection.attach(new Entry(directory, name));
        } else {
            directory.leave(name);
        }
        return true;
    }

    /** Goes on with what another process wrote of {@code connection} in this directory, in either format; false where it did not. */
    boolean adopt(Connection connection) {
        for (Journal.Format written : FORMATS) {
            String name = name(connection, written);
            String text = text(connection, written);
            if (name != null && text != null && directory.says(name, text) && directory.claim(name)) {
                connection.attach(new Entry(directory, name));
                return true;
            }
        }
        return false;
    }

    private static @Nullable String name(Connection connection, Journal.Format format) {
        InetSocketAddress own = connection.requireBackend().localAddress();
        return own == null ? null : JournalText.of(Endpoint.of(own), format, false);
    }

    /** Null where the client has no address, as on a {@code unix:} listener. */
    private static @Nullable String text(Connection connection, Journal.Format format) {
        Endpoint client = connection.peer();
        return client == null ? null : JournalText.of(client, format, connection.isPeerMapped());
    }

    private static final class Entry extends Attachment {
        private final JournalDirectory directory;
        private final String name;

        Entry(JournalDirectory directory, String name) {
            this.directory = directory;
            this.name = name;
        }

        @Override
        protected void detached(boolean goesOn) {
            if (goesOn) {
                directory.handOn(name);
            } else {
                directory.remove(name);
            }
        }
    }
}
