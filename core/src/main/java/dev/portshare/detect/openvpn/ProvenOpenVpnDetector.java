package dev.portshare.detect.openvpn;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Recognises an OpenVPN client by a key that it holds: MATCH, with the proof, comes with the last byte of a first packet that one
 * of the keys has made; any other packet is refused there, and one that can be of none of the keys' modes where that shows.
 */
public final class ProvenOpenVpnDetector implements Detector {
    private final List<OpenVpnKey> keys;

    /** Of clients that hold one of {@code keys}, asked in this order. */
    public ProvenOpenVpnDetector(List<OpenVpnKey> keys) {
        this.keys = List.copyOf(keys);
    }

    @Override
    public Detection detect(ByteBuffer head) {
        // All keys see the same length in front, so none waits where another has a whole packet.
        boolean waits = false;
        for (OpenVpnKey key : keys) {
            ResetLayout.Comparison comparison = key.compare(head);
            if (comparison == ResetLayout.Comparison.WHOLE) {
                Proof proof = key.prove(head);
                if (proof != null) {
                    return Detection.Match.openVpn(proof);
                }
            }
            waits |= comparison == ResetLayout.Comparison.BEGINS;
        }
        return waits ? Detection.NEED_MORE : Detection.NO_MATCH;
    }
}
