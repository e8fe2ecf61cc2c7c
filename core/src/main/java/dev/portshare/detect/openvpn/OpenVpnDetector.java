package dev.portshare.detect.openvpn;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import dev.portshare.detect.Detectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognises an OpenVPN client over TCP by the shape of its first packet, byte for byte; it has no key, so it verifies
 * nothing. MATCH comes with the packet's last byte. What follows is not looked at: a client without an answer repeats
 * itself.
 */
public final class OpenVpnDetector implements Detector {
    private final Detection match;
    private final List<ResetLayout> layouts;
    private final Scramble scramble;

    /** Of clients of OpenVPN as it is. */
    public OpenVpnDetector() {
        this(Detectors.OPENVPN, ResetLayout.ALL, Scramble.NONE);
    }

    /** Of clients whose packets are such as {@code keys} could prove, whether they do or not. */
    public static OpenVpnDetector like(List<OpenVpnKey> keys) {
        List<ResetLayout> layouts = new ArrayList<>();
        keys.forEach(key -> layouts.addAll(key.layouts()));
        return new OpenVpnDetector(Detectors.OPENVPN, List.copyOf(layouts), Scramble.NONE);
    }

    /** Of clients of a build with the unofficial XOR patch, whose packets are scrambled so. */
    public OpenVpnDetector(String protocol, Scramble scramble) {
        this(protocol, ResetLayout.ALL, scramble);
    }

    private OpenVpnDetector(String protocol, List<ResetLayout> layouts, Scramble scramble) {
        match = Detection.Match.of(protocol);
        this.layouts = layouts;
        this.scramble = scramble;
    }

    @Override
    public Detection detect(ByteBuffer head) {
        // Layouts that begin alike are equally long, so none can match while one before it still waits.
        for (ResetLayout layout : layouts) {
            switch (layout.compare(head, scramble)) {
                case DIFFERS -> {}
                case BEGINS -> {
                    return Detection.NEED_MORE;
                }
                case WHOLE -> {
                    return match;
                }
            }
        }
        return Detection.NO_MATCH;
    }
}
