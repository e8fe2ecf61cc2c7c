package dev.portshare.config;

import dev.portshare.detect.openvpn.OpenVpnKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Reads {@code openvpn-key}. */
record OpenVpnKeyReader(Path directory, Sources sources) {
    static final YamlKeys KEYS = new YamlKeys(
            List.of("config", "tls-crypt", "tls-crypt-v2", "tls-auth", "secret", "auth", "direction"), Set.of());

    List<OpenVpnKey> read(YamlValue value) {
        value.problem("not supported by this version; leave it out");
        return List.of();
    }
}
