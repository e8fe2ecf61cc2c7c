package dev.portshare;

import dev.portshare.config.Configuration;
import dev.portshare.os.User;
import dev.portshare.replay.ReplayMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The memory of packets that keys have proved: opened with the first configuration that has keys, and then kept, whatever the next
 * ones say, until the process ends.
 */
class PacketMemory implements AutoCloseable {
    private static final Logger LOG = LogManager.getLogger(PacketMemory.class);

    /** The directories that systemd made for the service, with colons between them (StateDirectory=, systemd.exec(5)). */
    private static final String VARIABLE = "STATE_DIRECTORY";

    private final Map<String, String> environment;
    private @Nullable ReplayMemory opened;
    /** Where it lies; null: nowhere. */
    private @Nullable Path directory;

    PacketMemory(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Whether {@code configuration} proves packets. */
    boolean isWanted(Configuration configuration) {
        return configuration.hasKeys();
    }

    /**
     * Opens it where {@code configuration} is the first that wants it.
     *
     * @return whether it was
     * @throws IOException saying what to do, where that cannot be
     */
    boolean open(Configuration configuration) throws IOException {
        if (opened != null || !isWanted(configuration)) {
            return false;
        }
        Path wanted = directory(configuration);
        if (wanted == null) {
            LOG.warn("OpenVPN clients' first packets are remembered until portshare ends only: a recorded one is taken"
                    + " for a new one once more after each restart; write state-dir: into the route file");
            opened = ReplayMemory.inMemory();
        } else {
            opened = ReplayMemory.open(wanted);
            String warning = opened.warning();
            if (warning != null) {
                LOG.warn(warning);
            }
        }
        directory = wanted;
        return true;
    }

    /** The one for connections that {@code configuration} decides, which was {@link #open opened}; null where it wants none. */
    @Nullable
    ReplayMemory of(Configuration configuration) {
        return isWanted(configuration) ? opened : null;
    }

    /** Whether it is where {@code configuration} wants it, or is not opened yet. */
    boolean isWhere(Configuration configuration) {
        return opened == null || Objects.equals(directory, directory(configuration));
    }

    /**
     * Makes the directory, for {@code user} alone; for root. One that is there stays as it is: it may be of others.
     *
     * @throws IOException for the operator
     */
    void makeDirectory(Configuration configuration, User user) throws IOException {
        Path wanted = directory(configuration);
        if (wanted != null) {
            OwnedDirectory.make(wanted, "state-dir", "rwx------", user);
        }
    }

    /** What the route file says, or else the service manager; null where neither does. */
    private @Nullable Path directory(Configuration configuration) {
        Path named = configuration.stateDirectory();
        if (named != null) {
            return named;
        }
        String passed = environment.getOrDefault(VARIABLE, "");
        int colon = passed.indexOf(':');
        String first = colon < 0 ? passed : passed.substring(0, colon);
        return first.isEmpty() ? null : Path.of(first);
    }

    /** Closes it; it may be opened again. */
    @Override
    public void close() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
