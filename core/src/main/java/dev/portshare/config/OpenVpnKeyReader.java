package dev.portshare.config;

import dev.portshare.detect.openvpn.AuthDigest;
import dev.portshare.detect.openvpn.KeyDirection;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.detect.openvpn.PeerKey;
import dev.portshare.detect.openvpn.TlsAuthKey;
import dev.portshare.detect.openvpn.TlsCryptKey;
import dev.portshare.detect.openvpn.TlsCryptV2Key;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Reads {@code openvpn-key}: keys of OpenVPN servers, each in a file of its own, or in a server's configuration.
 *
 * @param directory what relative paths start from
 * @param sources   gets each file that is read
 * @param findings  gets what is no error
 */
record OpenVpnKeyReader(Path directory, Sources sources, List<Finding> findings) {
    private static final String CONFIG = "config";
    /** The keys that name a file. */
    private static final List<String> FILES =
            List.of(CONFIG, TlsCryptKey.MODE, TlsCryptV2Key.MODE, TlsAuthKey.MODE, PeerKey.MODE);

    private static final List<String> WITH_DIGEST = List.of(TlsAuthKey.MODE, PeerKey.MODE);
    private static final String EXPECTED =
            "a key such as {config: /etc/openvpn/server/server.conf}, or {tls-crypt: FILE}";

    static final YamlKeys KEYS = new YamlKeys(
            List.of(CONFIG, TlsCryptKey.MODE, TlsCryptV2Key.MODE, TlsAuthKey.MODE, PeerKey.MODE, "auth", "direction"),
            Set.of());

    /** All the keys, each once; what is a problem is none. */
    List<OpenVpnKey> read(YamlValue value) {
        List<YamlValue> entries = value.node() instanceof MappingNode ? List.of(value) : value.list(EXPECTED);
        List<OpenVpnKey> keys = new ArrayList<>();
        for (YamlValue entry : entries) {
            YamlFields fields = entry.fields(EXPECTED, KEYS);
            OpenVpnKeys read = fields == null ? null : read(entry, fields);
            if (read != null) {
                read.keys().stream().filter(key -> !keys.contains(key)).forEach(keys::add);
                read.warnings().forEach(text -> findings.add(new Finding(Severity.WARNING, entry.path(), text)));
            }
        }
        return keys;
    }

    private @Nullable OpenVpnKeys read(YamlValue entry, YamlFields fields) {
        List<String> given =
                FILES.stream().filter(word -> fields.get(word) != null).toList();
        if (given.size() != 1) {
            entry.problem((given.isEmpty() ? "names no file" : String.join(" and ", given) + " exclude each other")
                    + "; write one of " + String.join(", ", FILES) + ", with a file");
            return null;
        }
        String mode = given.getFirst();
        YamlValue named = Objects.requireNonNull(fields.get(mode));
        if (!hasWhatItNeeds(mode, fields)) {
            return null;
        }
        AuthDigest auth = read(fields.get("auth"), "a digest such as SHA256", AuthDigest::parse, AuthDigest.SHA1);
        KeyDirection direction = read(fields.get("direction"), "0 or 1", KeyDirection::parse, KeyDirection.NONE);
        String file = named.word("a file");
        if (file == null || auth == null || direction == null) {
            return null;
        }
        Path path = directory.resolve(file).normalize();
        try {
            return mode.equals(CONFIG)
                    ? OpenVpnServer.keys(path, sources)
                    : KeyFiles.read(path, mode, auth, direction, sources);
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> problem(named, problem));
            return null;
        }
    }

    /** Tells of what says nothing where it stands. */
    private static boolean hasWhatItNeeds(String mode, YamlFields fields) {
        boolean fits = true;
        for (String word : List.of("auth", "direction")) {
            YamlValue value = fields.get(word);
            if (value != null && !WITH_DIGEST.contains(mode)) {
                value.problem(
                        mode.equals(CONFIG)
                                ? "stands in that configuration; leave it out"
                                : mode + " has none; leave it out");
                fits = false;
            }
        }
        return fits;
    }

    /** {@code otherwise} where there is no value; null: a problem. */
    private static <T> @Nullable T read(
            @Nullable YamlValue value, String expected, Function<String, T> parse, T otherwise) {
        return value == null ? otherwise : value.read(expected, parse);
    }

    /** At its own place where it has one; a file as a whole stands where it is named. */
    private static void problem(YamlValue named, Problem problem) {
        if (problem.line() > 0) {
            named.problems().add(problem);
        } else {
            named.problem(problem.file() + ": " + problem.message());
        }
    }
}
