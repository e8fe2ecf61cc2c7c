package dev.portshare;

import dev.portshare.config.Sources;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a reload when a file of the configuration has changed. The kernel tells of changes in the folders (inotify(7));
 * whether one of them is a change of the files, the files themselves tell: so it does not matter whether an editor writes
 * into a file or puts another one in its place, or a symbolic link leads elsewhere.
 */
final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LogManager.getLogger(FileWatch.class);

    /** Whoever changes several files, or one in several writes, is given this long between them, so many times at most. */
    private static final long QUIET_MILLIS = 200;

    private static final int PATIENCE = 10;
    /** As the kernel's for a path, path_resolution(7). */
    private static final int MAX_LINKS = 40;

    private static final WatchEvent.Kind<?>[] ANY_CHANGE = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };

    private final Supplier<Sources> sources;
    private final Runnable reload;
    private final WatchService service;

    private FileWatch(Supplier<Sources> sources, Runnable reload) throws IOException {
        this.sources = sources;
        this.reload = reload;
        this.service = FileSystems.getDefault().newWatchService();
    }

    /**
     * Watches, on a thread of its own, until it is closed.
     *
     * @param sources what was read last
     * @param reload  reads them anew; {@code sources} are others then
     * @throws IOException where the kernel has no watch left
     */
    static FileWatch start(Supplier<Sources> sources, Runnable reload) throws IOException {
        FileWatch watch = new FileWatch(sources, reload);
        Thread.ofPlatform().daemon().name("file-watch").start(watch::run);
        return watch;
    }

    private void run() {
        try {
            while (true) {
                Sources read = sources.get();
                // First: what changes from here on wakes the thread, what changed before is found now.
                watchFolders(read);
                if (read.haveChanged()) {
                    awaitQuiet();
                    reload.run();
                } else {
                    drain(service.take());
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // It is over.
        } catch (RuntimeException e) {
            LOG.error("watching the route file", e);
        }
    }

    private void awaitQuiet() throws InterruptedException {
        for (int i = 0; i < PATIENCE; i++) {
            WatchKey key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            if (key == null) {
                return;
            }
            drain(key);
        }
    }

    private static void drain(WatchKey key) {
        key.pollEvents();
        var _ = key.reset();
    }

    /** Anew each time: a folder may have been replaced too. One that is watched already stays so. */
    private void watchFolders(Sources read) {
        Set<Path> folders = new HashSet<>();
        read.paths().forEach(file -> addFolders(file, folders));
        for (Path folder : folders) {
            try {
                folder.register(service, ANY_CHANGE);
            } catch (IOException e) {
                LOG.warn("cannot watch {}: {}. HUP reloads what changes there.", folder, e.getMessage());
            }
        }
    }

    /** Where something must change for {@code file} to become another: beside each symbolic link on its path, and its end. */
    private static void addFolders(Path file, Set<Path> folders) {
        Path path = file.toAbsolutePath().normalize();
        for (int i = 0; i < MAX_LINKS; i++) {
            Path link = firstLink(path);
            if (link == null) {
                break;
            }
            folders.add(parent(link));
            try {
                path = link.resolveSibling(Files.readSymbolicLink(link))
                        .resolve(link.relativize(path))
                        .normalize();
            } catch (IOException e) {
                LOG.debug("{} was replaced just now: {}", link, e.getMessage());
                return;
            }
        }
        Path folder = parent(path);
        while (!Files.isDirectory(folder)) {
            folder = parent(folder);
        }
        folders.add(folder);
    }

    private static @Nullable Path firstLink(Path path) {
        Path prefix = parent(path.getRoot());
        for (Path name : path) {
            prefix = prefix.resolve(name);
            if (Files.isSymbolicLink(prefix)) {
                return prefix;
            }
        }
        return null;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.debug("closing the file watch: {}", e.getMessage());
        }
    }
}
