package dev.portshare.config;

import dev.portshare.detect.openvpn.AuthDigest;
import dev.portshare.detect.openvpn.KeyDirection;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.detect.openvpn.PeerKey;
import dev.portshare.detect.openvpn.StaticKey;
import dev.portshare.detect.openvpn.TlsAuthKey;
import dev.portshare.detect.openvpn.TlsCryptKey;
import dev.portshare.detect.openvpn.TlsCryptV2Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads the files that an OpenVPN server's keys are in. */
final class KeyFiles {
    private KeyFiles() {}

    /**
     * The key in {@code file}.
     *
     * @param mode      tls-auth, tls-crypt, tls-crypt-v2 or secret
     * @param auth      for tls-auth and secret what the server has behind {@code auth}; OpenVPN's default is SHA1
     * @param direction for these the server's
     * @throws ConfigurationException with one problem, of that file
     */
    static OpenVpnKeys read(Path file, String mode, AuthDigest auth, KeyDirection direction, Sources sources)
            throws ConfigurationException {
        try {
            OpenVpnKey key = key(sources.read(file), mode, auth, direction);
            return new OpenVpnKeys(List.of(key), warnings(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(List.of(Problem.of(file.toString(), String.valueOf(e.getMessage()))));
        }
    }

    /**
     * The key that {@code text} is, with which a packet can be proven at once.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static OpenVpnKey key(String text, String mode, AuthDigest auth, KeyDirection direction) {
        OpenVpnKey key = switch (mode) {
            case TlsAuthKey.MODE -> TlsAuthKey.of(StaticKey.parse(text), auth, direction);
            case TlsCryptKey.MODE -> TlsCryptKey.of(StaticKey.parse(text));
            case TlsCryptV2Key.MODE -> TlsCryptV2Key.parse(text);
            case PeerKey.MODE -> PeerKey.of(StaticKey.parse(text), auth, direction);
            default -> throw new IllegalArgumentException("no mode \"" + mode + "\"");
        };
        key.rehearse();
        return key;
    }

    /** At most one: whoever reads the key can find the server, and more. */
    static List<String> warnings(Path file) {
        return SecretFile.isOpenToAll(file)
                ? List.of(file + ": has an OpenVPN key in it and is readable by everybody; chmod o= " + file)
                : List.of();
    }
}
