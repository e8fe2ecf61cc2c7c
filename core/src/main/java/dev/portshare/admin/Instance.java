package dev.portshare.admin;

import dev.portshare.route.Route;
import dev.portshare.session.BackendState;
import dev.portshare.session.MappedAddresses;
import dev.portshare.telemetry.Telemetry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The running program, as the admin interface asks and tells it; on any thread. */
public interface Instance {
    /** Its version, such as {@code 0.1.0}. */
    String version();

    Telemetry telemetry();

    /** What it listens on. */
    List<String> addresses();

    /** The routes in force, in the order in which they are asked. */
    List<Route> routes();

    /** The addresses that stand for clients'; null where no route has ever had any. */
    @Nullable
    MappedAddresses mapped();

    /** How the backends of {@code route} are, where it has several; none otherwise. */
    List<BackendState> backends(String route);

    /**
     * Has {@code backend}, one of several of its routes, get no new connections, or get them again.
     *
     * @return what has been done, a sentence for the operator
     * @throws IOException where that cannot be done; with a message for the operator
     */
    String drain(String backend, boolean undo) throws IOException;

    /** For how many addresses each gate is open, under what it opens, such as {@code ssh for 10m}; empty: there are none. */
    Map<String, Integer> gates();

    /** Whether it takes new connections. */
    boolean isReady();

    /** How its configuration was reloaded. */
    Reloads reloads();

    /** How many lines of the log nobody could take, or could not be written. */
    long droppedLines();

    /**
     * What came of a reload.
     *
     * @param summary  a line
     * @param problems every one, a line each; empty: the file is in force
     * @param warnings what of the file that is in force is surely not meant, a line each
     */
    record Reloaded(String summary, List<String> problems, List<String> warnings) {}

    /** Reads the route file anew, and returns when it is in force or refused. May block. */
    Reloaded reload();

    /** Takes no new connections, lets the live ones end, and ends. */
    void drain();
}
