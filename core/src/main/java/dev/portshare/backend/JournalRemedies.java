package dev.portshare.backend;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Why a journal cannot be written, and what to do about it, in words for the operator. */
final class JournalRemedies {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwxr-x---");

    private JournalRemedies() {}

    /**
     * Makes {@code directory} where it is missing; those above it must be there.
     *
     * @throws IOException for the operator, where it cannot be made, or not be written
     */
    static void makeAndCheck(Path directory) throws IOException {
        try {
            if (!Files.exists(directory)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(MODE));
                // Whatever the umask: the backend has to get in by its group.
                Files.setPosixFilePermissions(directory, MODE);
            }
            if (!Files.isDirectory(directory)) {
                throw new NotDirectoryException(directory.toString());
            }
            if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException("journal " + directory + ": everybody may write there, and could tell the backend"
                        + " of clients that there are not. Name a directory in it, or write: chmod o-w " + directory);
            }
            // By access(2), which knows of file systems that are mounted for reading only.
            if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
                throw new AccessDeniedException(directory.toString());
            }
        } catch (FileSystemException e) {
            throw new IOException(of(directory, e), e);
        }
    }

    /** A sentence or two. */
    static String of(Path directory, IOException cause) {
        return "journal " + directory + ": " + text(directory, cause);
    }

    private static String text(Path directory, IOException cause) {
        return switch (cause) {
            case NotDirectoryException _ -> "it is no directory. Name one that portshare may write to.";
            case FileAlreadyExistsException _ -> "it is no directory. Name one that portshare may write to.";
            case AccessDeniedException _ ->
                "permission denied. Give it to the user that portshare runs as: install -d -m 0750 -o "
                        + System.getProperty("user.name") + " " + directory
                        + "; under systemd, write one below /run/portshare, or let the unit write there"
                        + " (ReadWritePaths=).";
            case NoSuchFileException _
            when !Files.exists(directory) ->
                "no such directory, and it cannot be made here. Make it by: install -d -m 0750 -o "
                        + System.getProperty("user.name") + " " + directory
                        + "; under systemd, RuntimeDirectory=portshare makes /run/portshare for one below it.";
            case FileSystemException e
            when e.getReason() != null ->
                e.getReason() + ". Name a directory that portshare may write to; under systemd, one below"
                        + " /run/portshare.";
            // Of writing: that the disk is full.
            default -> cause.getMessage() + ". It needs room and inodes for one small file a connection.";
        };
    }
}
