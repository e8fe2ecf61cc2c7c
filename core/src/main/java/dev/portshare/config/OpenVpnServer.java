package dev.portshare.config;

import dev.portshare.detect.openvpn.AuthDigest;
import dev.portshare.detect.openvpn.KeyDirection;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.detect.openvpn.PeerKey;
import dev.portshare.detect.openvpn.TlsAuthKey;
import dev.portshare.detect.openvpn.TlsCryptKey;
import dev.portshare.detect.openvpn.TlsCryptV2Key;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes the keys out of an OpenVPN server's own configuration, which is read as OpenVPN reads it: of an option that is there
 * twice the last counts, and files are looked for from where the last {@code cd} leads, at first the configuration's folder.
 * Source: OpenVPN 2.6.14, src/openvpn/options.c and options_parse.c.
 */
public final class OpenVpnServer {
    /** The longest chain of {@code config}. */
    private static final int MAX_LEVEL = 10;

    private static final Set<String> KEY_OPTIONS =
            Set.of(TlsAuthKey.MODE, TlsCryptKey.MODE, TlsCryptV2Key.MODE, PeerKey.MODE);

    private final Sources sources;
    private Path folder;
    /** By the option's name, in its order. */
    private final Map<String, Option> keys = new TreeMap<>();

    private AuthDigest auth = AuthDigest.SHA1;
    /** What {@code auth} was said wrong: that matters only to whom needs it. */
    private @Nullable Problem badAuth;

    private KeyDirection direction = KeyDirection.NONE;
    private final Set<String> warnings = new LinkedHashSet<>();

    private OpenVpnServer(Path folder, Sources sources) {
        this.folder = folder;
        this.sources = sources;
    }

    /**
     * An option's value.
     *
     * @param isInline whether the value is the key itself, and not the name of its file
     */
    private record Option(Path file, int line, String value, boolean isInline) {
        Problem problem(String message) {
            return new Problem(file.toString(), line, 1, "", message);
        }
    }

    /**
     * The keys of the server whose configuration {@code file} is.
     *
     * @throws ConfigurationException with one problem, of that file or one that it names
     */
    public static OpenVpnKeys keys(Path file, Sources sources) throws ConfigurationException {
        Path parent = file.toAbsolutePath().getParent();
        OpenVpnServer server = new OpenVpnServer(parent == null ? Path.of("/") : parent, sources);
        try {
            server.read(sources.read(file), file, 1);
        } catch (IOException e) {
            throw failure(Problem.of(file.toString(), String.valueOf(e.getMessage())));
        }
        return server.keys(file);
    }

    private void read(String text, Path file, int level) throws ConfigurationException {
        String[] lines = (text.startsWith("\ufeff") ? text.substring(1) : text).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            Option place = new Option(file, i + 1, "", false);
            List<String> words;
            try {
                words = OpenVpnLine.words(lines[i]);
            } catch (IllegalArgumentException e) {
                throw failure(place.problem(String.valueOf(e.getMessage())));
            }
            if (words.isEmpty()) {
                continue;
            }
            String first = words.getFirst();
            if (words.size() == 1 && first.length() > 2 && first.startsWith("<") && first.endsWith(">")) {
                String name = first.substring(1, first.length() - 1);
                int end = end(lines, i, name, place);
                String value = String.join("\n", List.of(lines).subList(i + 1, end)) + "\n";
                if (KEY_OPTIONS.contains(name)) {
                    keys.put(name, new Option(file, i + 1, value, true));
                }
                i = end;
            } else {
                option(words, place, level);
            }
        }
    }

    private static int end(String[] lines, int start, String name, Option place) throws ConfigurationException {
        for (int i = start + 1; i < lines.length; i++) {
            if (lines[i].stripLeading().startsWith("</" + name + ">")) {
                return i;
            }
        }
        throw failure(place.problem("<" + name + "> has no end; write </" + name + "> behind it"));
    }

    private void option(List<String> given, Option place, int level) throws ConfigurationException {
        boolean isOptional = given.size() > 2
                && given.getFirst().equals("setenv")
                && given.get(1).equals("opt");
        List<String> words = isOptional ? given.subList(2, given.size()) : given;
        String first = words.getFirst();
        if (first.startsWith("-----BEGIN")) {
            throw failure(Problem.of(
                    place.file.toString(),
                    "this is a key, and no server's configuration; name that, or write into a route file"
                            + " openvpn-key: {tls-crypt: FILE}, or tls-auth, tls-crypt-v2 or secret"));
        }
        String name = first.startsWith("--") && first.length() > 2 ? first.substring(2) : first;
        switch (name) {
            case TlsAuthKey.MODE, PeerKey.MODE -> {
                keys.put(name, new Option(place.file, place.line, value(name, words, place), false));
                if (words.size() > 2) {
                    direction(words.get(2), place);
                }
            }
            case TlsCryptKey.MODE, TlsCryptV2Key.MODE ->
                keys.put(name, new Option(place.file, place.line, value(name, words, place), false));
            case "key-direction" -> direction(value(name, words, place), place);
            case "auth" -> auth(value(name, words, place), place);
            case "cd" -> folder = resolve(value(name, words, place), place);
            case "config" -> nested(value(name, words, place), place, level);
            case "client", "tls-client" -> throw failure(client(place, name));
            case "proto" -> {
                if (value(name, words, place).startsWith("tcp") && words.get(1).endsWith("-client")) {
                    throw failure(client(place, "proto " + words.get(1)));
                }
            }
            default -> {}
        }
    }

    private static Problem client(Option place, String what) {
        return place.problem(
                "\"" + what + "\": this is a client's configuration; name the server's. The server's key is"
                        + " the same with tls-auth and tls-crypt, but its key-direction is the other one");
    }

    private static String value(String name, List<String> words, Option place) throws ConfigurationException {
        if (words.size() < 2) {
            throw failure(
                    place.problem("\"" + name + "\" has no value; write one, or name the file that OpenVPN runs with"));
        }
        return words.get(1);
    }

    private void direction(String text, Option place) throws ConfigurationException {
        try {
            direction = KeyDirection.parse(text);
        } catch (IllegalArgumentException e) {
            throw failure(place.problem(String.valueOf(e.getMessage())));
        }
    }

    private void auth(String name, Option place) {
        try {
            auth = AuthDigest.parse(name);
            badAuth = null;
        } catch (IllegalArgumentException e) {
            badAuth = place.problem(String.valueOf(e.getMessage()));
        }
    }

    private void nested(String name, Option place, int level) throws ConfigurationException {
        if (level == MAX_LEVEL) {
            throw failure(place.problem("more than " + MAX_LEVEL
                    + " files, each named by the one before; OpenVPN reads no" + " more: leave \"config\" out here"));
        }
        Path file = resolve(name, place);
        try {
            read(sources.read(file), file, level + 1);
        } catch (IOException e) {
            throw failure(place.problem(unread(file, e)));
        }
    }

    private Path resolve(String name, Option place) throws ConfigurationException {
        try {
            return folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw failure(place.problem("not the name of a file; correct it"));
        }
    }

    private OpenVpnKeys keys(Path file) throws ConfigurationException {
        if (keys.isEmpty()) {
            throw failure(Problem.of(
                    file.toString(),
                    "neither tls-crypt, tls-crypt-v2, tls-auth nor secret in it: this server has no key, so anybody"
                            + " can find it by sending what its clients send first; give it and its clients a tls-crypt"
                            + " key, or leave openvpn-key out"));
        }
        List<OpenVpnKey> found = new ArrayList<>();
        for (Map.Entry<String, Option> key : keys.entrySet()) {
            boolean isSigned =
                    key.getKey().equals(TlsAuthKey.MODE) || key.getKey().equals(PeerKey.MODE);
            if (isSigned && badAuth != null) {
                throw failure(badAuth);
            }
            found.add(key(key.getKey(), key.getValue()));
        }
        return new OpenVpnKeys(found.stream().distinct().toList(), List.copyOf(warnings));
    }

    private OpenVpnKey key(String mode, Option option) throws ConfigurationException {
        if (option.isInline) {
            warnings.addAll(KeyFiles.warnings(option.file));
            try {
                return KeyFiles.key(option.value, mode, auth, direction);
            } catch (IllegalArgumentException e) {
                throw failure(option.problem("<" + mode + ">: " + e.getMessage()));
            }
        }
        Path file = resolve(option.value, option);
        try {
            OpenVpnKey key = KeyFiles.key(sources.read(file), mode, auth, direction);
            warnings.addAll(KeyFiles.warnings(file));
            return key;
        } catch (IOException | IllegalArgumentException e) {
            throw failure(option.problem(unread(file, e)));
        }
    }

    private static String unread(Path file, Exception e) {
        return file + ": " + e.getMessage();
    }

    private static ConfigurationException failure(Problem problem) {
        return new ConfigurationException(List.of(problem));
    }
}
