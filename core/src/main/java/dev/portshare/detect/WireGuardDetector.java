package dev.portshare.detect;

/**
 * Recognises a WireGuard handshake initiation behind its length in two bytes, as those who carry it over TCP frame it
 * (TunSafe, udp2tcp). Source: wireguard.com/protocol, "First Message".
 */
public final class WireGuardDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.WIREGUARD);
    private static final String LENGTH = "\0\u0094"; // 148
    private static final String INITIATION = "\1\0\0\0";
    /** Sender's index, ephemeral key, sealed static key, sealed time, two MACs. */
    private static final int REST = 4 + 32 + (32 + 16) + (12 + 16) + 16 + 16;

    @Override
    protected Detection read(ByteReader in) {
        in.pass(LENGTH);
        in.pass(INITIATION);
        in.skip(REST);
        return MATCH;
    }
}
