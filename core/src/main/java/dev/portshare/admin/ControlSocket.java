package dev.portshare.admin;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Unix-domain socket in the file system that only certain users may connect to. */
final class ControlSocket {
    private static final int BACKLOG = 16;
    private static final int TYPE = 0170000;
    private static final int IS_SOCKET = 0140000;

    private ControlSocket() {}

    /**
     * Listens at {@code path}. What a dead process left there is replaced.
     *
     * @return the descriptor, which is the caller's
     * @throws IOException where that cannot be, with a message for the operator
     */
    static int open(Path path, Set<PosixFilePermission> mode) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            // bind() below removes what stands there.
            if (((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) != IS_SOCKET) {
                throw new IOException("a file that is no socket stands there; remove it, or choose another path");
            }
            if (answers(path)) {
                throw new IOException("another portshare answers there; stop it, or choose another path");
            }
        }
        Path folder = path.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder + "; make it, or choose another path");
        }
        Socket socket = Socket.newSocketDomain();
        try {
            socket.bind(new DomainSocketAddress(path.toString()));
            // Until listen(), whoever connects is refused: nobody slips in before the mode is set, whatever the umask.
            Files.setPosixFilePermissions(path, mode);
            socket.listen(BACKLOG);
            return socket.intValue();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static boolean answers(Path path) {
        Socket probe = Socket.newSocketDomain();
        try (AutoCloseable _ = probe::close) {
            return probe.connect(new DomainSocketAddress(path.toString()));
        } catch (Exception _) {
            return false;
        }
    }

    /** Removes the file of a socket that has been closed; null: there is none. */
    static void remove(@Nullable Path path) throws IOException {
        if (path != null) {
            Files.deleteIfExists(path);
        }
    }
}
