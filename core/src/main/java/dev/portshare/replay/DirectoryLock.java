package dev.portshare.replay;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * That a directory is this process's alone: by a lock on an empty file in it, which the kernel lifts when the process ends, however
 * that is.
 */
final class DirectoryLock {
    private static final String NAME = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock; makes the directory where only it is missing.
     *
     * @throws LockedException where another process has it
     */
    static DirectoryLock take(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException _) {
            // The usual case.
        }
        Path file = directory.resolve(NAME);
        if (Files.isSymbolicLink(file)) {
            // Nor is one followed that is put there now; that this one's name is told is for the message.
            throw new FileSystemException(file.toString(), null, "a symbolic link");
        }
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS),
                RingFile.OWNERS_ALONE);
        boolean taken = false;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            // Another one of this process.
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new LockedException();
        }
        return new DirectoryLock(channel);
    }

    /** Lets the next process have it. */
    void release() {
        try {
            channel.close();
        } catch (IOException _) {
            // The lock is gone with the descriptor, and that is gone even so.
        }
    }

    /** Another process has the lock. */
    static final class LockedException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
