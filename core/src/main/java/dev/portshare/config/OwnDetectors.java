package dev.portshare.config;

import dev.portshare.detect.Detection;
import dev.portshare.detect.NamedDetector;
import dev.portshare.detect.own.Hiding;
import dev.portshare.detect.own.RegexDetector;
import dev.portshare.route.Condition;
import dev.portshare.route.Route;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for what {@code detectors:} may say and hardly means. */
final class OwnDetectors {
    private OwnDetectors() {}

    static List<Finding> findings(Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        List<NamedDetector> detectors = configuration.detectors();
        Set<String> named = named(configuration.allRoutes());
        for (int place = 0; place < detectors.size(); place++) {
            NamedDetector row = detectors.get(place);
            String path = "detectors[" + place + "]";
            if (refusesNoFirstByte(row)) {
                findings.add(new Finding(
                        Severity.WARNING,
                        path + ".regex",
                        "no first byte rules it out, so every client, of whatever protocol, may wait until "
                                + RegexDetector.LIMIT + " bytes have come or timeouts.head has passed; write what its"
                                + " first bytes are"));
            }
            String hider = hider(detectors, place);
            if (hider != null) {
                findings.add(new Finding(
                        Severity.WARNING,
                        path,
                        "can never match: \"" + hider + "\" in front of it takes every client that it would; write it"
                                + " before that one, or leave it out"));
            }
            if (!named.contains(row.name())) {
                findings.add(new Finding(
                        Severity.ADVICE,
                        path + ".name",
                        "no route asks for \"" + row.name() + "\", so such clients get the routes without \"protocol\";"
                                + " name it in one, or leave the detector out"));
            }
        }
        return findings;
    }

    /** The first that takes all that the one at {@code place} would; null: none surely does. */
    private static @Nullable String hider(List<NamedDetector> detectors, int place) {
        for (NamedDetector front : detectors.subList(0, place)) {
            if (Hiding.hides(front.detector(), detectors.get(place).detector())) {
                return front.name();
            }
        }
        return null;
    }

    private static Set<String> named(List<Route> routes) {
        Set<String> named = new HashSet<>();
        for (Route route : routes) {
            for (Condition when = route.when(); when != null; when = when.not()) {
                named.addAll(when.protocols());
            }
        }
        return named;
    }

    /** Of one that looks at a fixed count of bytes, the wait is short. */
    private static boolean refusesNoFirstByte(NamedDetector row) {
        if (!(row.detector() instanceof RegexDetector regex)) {
            return false;
        }
        for (int first = 0; first <= 0xFF; first++) {
            if (regex.detect(ByteBuffer.wrap(new byte[] {(byte) first})) == Detection.NO_MATCH) {
                return false;
            }
        }
        return true;
    }
}
