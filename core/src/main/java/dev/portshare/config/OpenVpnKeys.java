package dev.portshare.config;

import dev.portshare.detect.openvpn.OpenVpnKey;
import java.util.List;

/**
 * Keys of OpenVPN servers.
 *
 * @param keys     at least one, each once
 * @param warnings what the operator should know of their files, a sentence each
 */
public record OpenVpnKeys(List<OpenVpnKey> keys, List<String> warnings) {
    public OpenVpnKeys {
        keys = List.copyOf(keys);
        warnings = List.copyOf(warnings);
    }
}
