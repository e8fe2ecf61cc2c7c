package dev.portshare.config;

import dev.portshare.admin.AdminOptions;
import dev.portshare.route.HostPort;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code admin:}. */
final class AdminReader {
    static final YamlKeys KEYS = new YamlKeys(List.of("socket", "mode", "http", "allow-remote"), Set.of());

    private AdminReader() {}

    /** Null where the value is a problem. */
    static @Nullable AdminOptions read(YamlValue value) {
        YamlFields fields = value.fields("a mapping such as {socket: " + AdminOptions.DEFAULT_SOCKET + "}", KEYS);
        if (fields == null) {
            return null;
        }
        YamlValue socket = fields.get("socket");
        YamlValue mode = fields.get("mode");
        YamlValue http = fields.get("http");
        YamlValue remote = fields.get("allow-remote");
        if (socket == null && http == null) {
            value.problem("neither \"socket\" nor \"http\"; write socket: " + AdminOptions.DEFAULT_SOCKET);
        }
        if (socket == null && mode != null) {
            mode.problem("without \"socket\" it means nothing; leave it out");
        }
        if (http == null && remote != null) {
            remote.problem("without \"http\" it means nothing; leave it out");
        }
        boolean allowsRemote =
                Boolean.TRUE.equals(remote == null ? null : remote.read("true or false", AdminReader::trueOrFalse));
        Path path = socket == null ? null : socket.read("a path", AdminOptions::socket);
        Set<PosixFilePermission> permissions =
                mode == null ? null : mode.read("a file mode such as \"0660\"", AdminOptions::mode);
        HostPort address = http == null ? null : http.read("an address", HostPort::parse);
        if (http != null && address != null && !allowsRemote && !AdminOptions.isLoopback(address)) {
            http.problem("\"" + address + "\" can be reached from other machines, and whoever does sees every client;"
                    + " write 127.0.0.1:" + address.port() + ", or allow-remote: true beside it");
        }
        return new AdminOptions(path, Objects.requireNonNullElse(permissions, AdminOptions.DEFAULT_MODE), address);
    }

    private static boolean trueOrFalse(String word) {
        if (!word.equals("true") && !word.equals("false")) {
            throw new IllegalArgumentException("\"" + word + "\" is neither; write true or false");
        }
        return word.equals("true");
    }
}
