package dev.portshare.admin;

import dev.portshare.route.Backend;
import dev.portshare.route.HostPort;
import java.net.InetAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the program can be asked and told things.
 *
 * @param socket a Unix-domain socket, over which it can be told to do something as well; null: none
 * @param mode   who may open that socket
 * @param http   an address for HTTP, over which it can only be asked; null: none
 */
public record AdminOptions(
        @Nullable Path socket,
        Set<PosixFilePermission> mode,
        @Nullable HostPort http) {
    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");

    /** Where the commands look for the socket unless they are told. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/portshare/admin.sock");

    /** The owner and the group. */
    public static final Set<PosixFilePermission> DEFAULT_MODE = mode("0660");

    /** The socket alone, for its owner and group. */
    public static AdminOptions at(Path socket) {
        return new AdminOptions(socket, DEFAULT_MODE, null);
    }

    /**
     * Reads an absolute path.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static Path socket(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no absolute path; write one such as " + DEFAULT_SOCKET);
        }
        return Path.of(new Backend.Unix(text).path());
    }

    /**
     * Reads a file mode in octal digits.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static Set<PosixFilePermission> mode(String text) {
        if (!OCTAL.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no file mode; write one such as \"0660\"");
        }
        int bits = Integer.parseInt(text, 8);
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromTheHighest = PosixFilePermission.values();
        for (int i = 0; i < fromTheHighest.length; i++) {
            if ((bits >> fromTheHighest.length - 1 - i & 1) == 1) {
                mode.add(fromTheHighest[i]);
            }
        }
        return mode;
    }

    /** Whether only this machine can reach {@code address}, whatever its hosts file says. */
    public static boolean isLoopback(HostPort address) {
        InetAddress literal = HostPort.literal(address.host());
        return literal != null ? literal.isLoopbackAddress() : address.host().equalsIgnoreCase("localhost");
    }
}
