package dev.portshare.cli.log;

import dev.portshare.telemetry.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a file. Before each write the file's name is looked up: where somebody has moved it away, it is made anew. It is
 * rotated when it would grow too large. Where one of these cannot be done no line is lost: they go on into the file that is
 * open.
 */
final class FileOutput implements Output {
    /** The addresses of clients are the administrators' business, and nobody else's. */
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");

    private static final int TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    private final LogFile file;
    private final Path path;
    private final Consumer<String> complaints;
    private FileChannel channel;
    /** What distinguishes the open file from all others; null: a device, which has no size and is not moved. */
    private @Nullable Object key;

    private @Nullable String complaint;
    private boolean failing;

    private FileOutput(LogFile file, Consumer<String> complaints) throws IOException {
        this.file = file;
        this.path = file.path();
        this.complaints = complaints;
        this.channel = open(path);
        this.key = key(path);
    }

    /**
     * Opens {@code file}, and makes it where it is not there.
     *
     * @param complaints is told of what does not work any more, once until it does
     * @throws IOException whose message is all that there is to say to the user
     */
    static FileOutput open(LogFile file, Consumer<String> complaints) throws IOException {
        try {
            return new FileOutput(file, complaints);
        } catch (IOException e) {
            throw new IOException("cannot open the log file " + file.path() + ": " + reason(e) + remedy(e), e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such folder";
        }
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }

    private static String remedy(IOException e) {
        String user = System.getProperty("user.name");
        if (e instanceof AccessDeniedException) {
            return "; let user " + user + " write to it and to its folder, or write another file: below log:";
        }
        return e instanceof NoSuchFileException
                ? "; make it, owned by user " + user + ", or write another file: below log:"
                : "; write another file: below log:";
    }

    private static FileChannel open(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path) && !isDevice(path)) {
            // A pipe would have the program wait for whoever reads it.
            throw new IOException("neither a file nor a device");
        }
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(MODE));
    }

    private static boolean isDevice(Path path) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode") & TYPE) == CHARACTER_DEVICE;
    }

    private static @Nullable Object key(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.isRegularFile() ? attributes.fileKey() : null;
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        follow();
        try {
            if (key == null) {
                Output.writeAll(channel, lines);
            } else {
                rotateBefore(lines.remaining());
                append(lines);
            }
            failing = false;
        } catch (IOException e) {
            String failure = "cannot write to " + path + ": " + reason(e);
            if (!failing) {
                failing = true;
                System.err.println("portshare: " + failure + "; lines of the log are lost until it works again");
            }
            throw new IOException(failure, e);
        }
    }

    private void append(ByteBuffer lines) throws IOException {
        long whole = channel.size();
        try {
            Output.writeAll(channel, lines);
        } catch (IOException e) {
            try {
                // No half a line stays behind.
                channel.truncate(whole);
            } catch (IOException worse) {
                e.addSuppressed(worse);
            }
            throw e;
        }
    }

    @Override
    public void follow() {
        if (key == null || key.equals(keyIfThere())) {
            return;
        }
        try {
            reopen();
        } catch (IOException e) {
            complain("cannot open " + path + " anew: " + reason(e) + "; lines go on into the file that was there");
        }
    }

    private @Nullable Object keyIfThere() {
        try {
            return key(path);
        } catch (IOException _) {
            return null;
        }
    }

    private void reopen() throws IOException {
        FileChannel next = open(path);
        close();
        channel = next;
        key = key(path);
        complaint = null;
    }

    private void rotateBefore(int bytes) throws IOException {
        LogFile.Rotation rotation = file.rotation();
        long size = channel.size();
        if (rotation == null || size == 0 || size + bytes <= rotation.size() || keyIfThere() == null) {
            return;
        }
        try {
            OldFiles.add(path, rotation.keep());
            reopen();
        } catch (IOException e) {
            complain("cannot rotate " + path + ": " + reason(e) + "; it grows until that works");
        }
    }

    private void complain(String what) {
        if (!what.equals(complaint)) {
            complaint = what;
            complaints.accept(what);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // What was written is written.
        }
    }
}
