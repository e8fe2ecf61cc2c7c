package dev.portshare;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Problem;
import dev.portshare.config.Review;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Sources;
import dev.portshare.listen.ListenException;
import dev.portshare.listen.Listeners;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the route file of a running portshare anew, whoever asks for it, and puts it in force if nothing is wrong in it. */
public final class Reloading implements AutoCloseable {
    private static final Logger LOG = LogManager.getLogger(Reloading.class);

    private final Portshare portshare;
    private final @Nullable Path file;
    private final ReloadParticipant participant;
    private final ReloadObserver observer;
    private final ReentrantLock turn = new ReentrantLock();
    /** The reload that waits for its turn, and has read nothing yet. */
    private final AtomicReference<@Nullable CompletableFuture<Reload>> waiting = new AtomicReference<>();

    private volatile Sources sources;
    private @Nullable FileWatch watch;

    /**
     * Reloads {@code portshare}, also by itself where the configuration in force says {@code watch: true}.
     *
     * @param file        what it was started with; null: route options, which cannot be read anew
     * @param sources     what was read for that
     * @param participant reloads besides
     */
    public Reloading(
            Portshare portshare,
            @Nullable Path file,
            Sources sources,
            ReloadParticipant participant,
            ReloadObserver observer) {
        this.portshare = portshare;
        this.file = file;
        this.sources = sources;
        this.participant = participant;
        this.observer = observer;
        watch(portshare.configuration().watch()).forEach(LOG::warn);
    }

    /** Watches from now on, or no more; the warnings about that. */
    private synchronized List<String> watch(boolean wanted) {
        if (wanted && watch == null) {
            try {
                watch = FileWatch.start(() -> sources, this::reload);
            } catch (IOException e) {
                return List.of("cannot watch " + file + ": " + e.getMessage() + ". HUP reloads it.");
            }
        } else if (!wanted && watch != null) {
            watch.close();
            watch = null;
        }
        return List.of();
    }

    /**
     * Reads the route file, and all the files that it names, as they are now, and puts them in force for new connections
     * ({@link Portshare#reload}); where anything is wrong, nothing changes. The result is logged. Any thread may call it but an
     * event loop. Those who call it while one reload runs share the next one.
     */
    public Reload reload() {
        CompletableFuture<Reload> own = new CompletableFuture<>();
        CompletableFuture<Reload> others = waiting.compareAndExchange(null, own);
        if (others != null) {
            return others.join();
        }
        turn.lock();
        try {
            // Whoever asks from here on may know of a file that this one does not read any more.
            waiting.set(null);
            own.complete(observed());
        } catch (RuntimeException | Error e) {
            own.completeExceptionally(e);
        } finally {
            turn.unlock();
        }
        return own.join();
    }

    private Reload observed() {
        observer.begins();
        Reload result = result();
        switch (result) {
            case Reload.Refused refused -> {
                LOG.warn(refused);
                refused.problems().forEach(LOG::warn);
            }
            case Reload.Done done -> {
                done.warnings().forEach(LOG::warn);
                LOG.info(done);
            }
        }
        observer.ended(result);
        return result;
    }

    private Reload result() {
        if (file == null) {
            return new Reload.Refused(
                    List.of("portshare was started with route options, which cannot be read anew; write"
                            + " them into a route file, and start it with --config FILE"));
        }
        try {
            Configuration configuration = read(file);
            boolean staysAdmin = Objects.equals(
                    configuration.admin(), portshare.configuration().admin());
            var changes = reload(configuration, participant.prepare(configuration));
            List<String> warnings = new ArrayList<>(watch(configuration.watch()));
            if (!staysAdmin) {
                warnings.add(file + ": admin: what changed there takes effect when portshare is started anew");
            }
            if (!portshare.remembersWhere(configuration)) {
                warnings.add(file + ": state-dir: what changed there takes effect when portshare is started anew");
            }
            Review.warnings(file, configuration).forEach(warning -> warnings.add(warning.toString()));
            return new Reload.Done(
                    file, configuration.routes().size(), configuration.listen().size(), changes, warnings);
        } catch (ConfigurationException e) {
            return new Reload.Refused(
                    e.problems().stream().map(Problem::toString).toList());
        } catch (ListenException e) {
            return new Reload.Refused(e.problems());
        } catch (IOException e) {
            return new Reload.Refused(List.of(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("reload", e);
            return new Reload.Refused(List.of("a bug in portshare: " + e + "; please report it, with its log"));
        }
    }

    private Configuration read(Path file) throws ConfigurationException {
        Sources read = new Sources();
        try {
            return RouteFile.read(file, read);
        } finally {
            // Also where they are wrong: they are watched until they are right.
            sources = read;
        }
    }

    /** Watches no file any more. */
    @Override
    public void close() {
        var _ = watch(false);
    }

    private Listeners.Changes reload(Configuration configuration, ReloadParticipant.Step rest)
            throws ListenException, IOException {
        boolean done = false;
        try {
            Listeners.Changes changes = portshare.reload(configuration);
            done = true;
            return changes;
        } finally {
            if (done) {
                rest.commit();
            } else {
                rest.undo();
            }
        }
    }
}
