package dev.portshare.replay;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a directory cannot be used, and what to do about it, in words for the operator. */
final class Remedies {
    private Remedies() {}

    static IOException of(Path directory, IOException cause) {
        return new IOException("cannot use state-dir " + directory + ": " + text(directory, cause), cause);
    }

    private static String text(Path directory, IOException cause) {
        return switch (cause) {
            case DirectoryLock.LockedException _ ->
                "another process uses it. Where that is the portshare before this one, which is still stopping"
                    + " (timeouts.drain), start when it has ended; a second portshare needs a state-dir of its own.";
            case AccessDeniedException _ -> {
                String user = System.getProperty("user.name");
                yield "permission denied. Give it to the user that portshare runs as: chown -R " + user + " "
                        + directory + "; in a unit of systemd, StateDirectory=portshare does that.";
            }
            case NoSuchFileException _ ->
                "no such directory, and it cannot be made: there is no "
                        + directory.toAbsolutePath().getParent() + " either. Make it, or name another.";
            case FileSystemException e
            when !Files.isDirectory(directory) && Files.exists(directory) ->
                "it is no directory. Name one that portshare may write to.";
            case FileSystemException e ->
                e.getFile() + ": " + e.getReason() + ". Name a directory of this machine that portshare may write to;"
                        + " in a unit of systemd, StateDirectory=portshare makes one.";
            default ->
                cause.getMessage() + ". It needs " + (Ring.size(ReplayMemory.PACKETS) >> 10)
                        + " KiB of space, and a disk that works.";
        };
    }
}
