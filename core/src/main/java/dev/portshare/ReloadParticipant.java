package dev.portshare;

import dev.portshare.config.Configuration;
import java.io.IOException;

/**
 * What a reload changes besides the rules of connections: in two steps, since a reload is done whole or refused whole. Each is
 * called by the thread that reloads.
 */
public interface ReloadParticipant {
    /** Changes nothing, whatever the configuration says. */
    ReloadParticipant NONE = _ -> new Step() {
        @Override
        public void commit() {}

        @Override
        public void undo() {}
    };

    /**
     * Gets ready for {@code configuration}; nothing changes yet.
     *
     * @throws IOException where that cannot be: the reload is refused with its message
     */
    Step prepare(Configuration configuration) throws IOException;

    /** What follows, one or the other. */
    interface Step {
        /** The configuration is in force. */
        void commit();

        /** It is not, and will not be. */
        void undo();
    }
}
