package dev.portshare.route;

import dev.portshare.detect.Detectors;
import dev.portshare.detect.openvpn.OpenVpnKey;
import java.util.ArrayList;
import java.util.List;

/** What a list of routes asks OpenVPN clients to prove. */
public final class Proofs {
    private Proofs() {}

    /** All that {@code routes} ask for, each once, in their order. */
    public static List<OpenVpnKey> keys(List<Route> routes) {
        List<OpenVpnKey> keys = new ArrayList<>();
        for (Route route : routes) {
            for (Condition when = route.when(); when != null; when = when.not()) {
                for (OpenVpnKey key : when.proof() == null
                        ? List.<OpenVpnKey>of()
                        : when.proof().keys()) {
                    if (!keys.contains(key)) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }

    /** Whether whoever holds no key finds no OpenVPN behind {@code routes}: there are keys, and no route takes it without. */
    public static boolean areRequired(List<Route> routes) {
        if (keys(routes).isEmpty()) {
            return false;
        }
        for (Route route : routes) {
            if (route.when().proof() == null && route.when().namedProtocols().anyMatch(Detectors.OPENVPN::equals)) {
                return false;
            }
        }
        return true;
    }
}
