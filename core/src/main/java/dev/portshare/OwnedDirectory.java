package dev.portshare;

import dev.portshare.os.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories that root makes for the user that it becomes. */
final class OwnedDirectory {
    private OwnedDirectory() {}

    /**
     * Makes {@code directory} for {@code user}; one that is there stays as it is: it may be of others.
     *
     * @param key         what the route file calls it
     * @param permissions such as {@code rwxr-x---}
     * @throws IOException for the operator
     */
    static void make(Path directory, String key, String permissions, User user) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
            // Whatever root's umask is.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
            user.own(directory);
        } catch (IOException e) {
            throw new IOException(
                    "cannot make " + key + " " + directory + " for user \"" + user.name() + "\": " + e.getMessage()
                            + "; make it by: install -d -m " + mode(permissions) + " -o " + user.name() + " "
                            + directory,
                    e);
        }
    }

    private static String mode(String permissions) {
        int mode = 0;
        for (int i = 0; i < permissions.length(); i++) {
            mode = mode << 1 | (permissions.charAt(i) == '-' ? 0 : 1);
        }
        return "0" + Integer.toOctalString(mode);
    }
}
