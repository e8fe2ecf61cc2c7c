package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/**
 * Recognises an MQTT client, 3.1, 3.1.1 or 5, by its CONNECT packet up to the connect flags. Source: MQTT 3.1, 3.1.1 and
 * 5.0, 3.1.
 */
public final class MqttDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.MQTT);
    /** Mosquitto's bridges set it in the version, so that the other side knows. */
    private static final int BRIDGE = 0x80;
    /** Protocol name, version, flags, keep alive, and an empty client id. */
    private static final int MIN_LENGTH = 2 + 4 + 1 + 1 + 2 + 2;

    @Override
    protected Detection read(ByteReader in) {
        in.pass("\u0010");
        int length = length(in);
        in.pass("\0");
        int name = in.next();
        int version;
        if (name == 4) {
            in.pass("MQTT");
            version = in.next();
            require(version == 4 || version == (BRIDGE | 4) || version == 5 && length > MIN_LENGTH);
        } else {
            require(name == 6 && length >= MIN_LENGTH + 2);
            in.pass("MQIsdp");
            version = in.next();
            require(version == 3 || version == (BRIDGE | 3));
        }
        flags(in.next(), version & ~BRIDGE, length);
        return MATCH;
    }

    /** Seven bits a byte, the lowest first; the eighth says that another follows, of which there are no more than needed. */
    private static int length(ByteReader in) {
        int next = in.next();
        require(next >= MIN_LENGTH);
        int length = next & 0x7F;
        for (int bits = 7; next >= 0x80; bits += 7) {
            next = in.next();
            require(next != 0 && (next < 0x80 || bits < 21));
            length |= (next & 0x7F) << bits;
        }
        return length;
    }

    private static void flags(int flags, int version, int length) {
        boolean will = (flags & 0x04) != 0;
        int quality = flags >> 3 & 3;
        boolean retain = (flags & 0x20) != 0;
        boolean password = (flags & 0x40) != 0;
        boolean user = (flags & 0x80) != 0;
        require((flags & 1) == 0 || version == 3); // unused in 3.1, reserved since
        require(will ? quality < 3 : quality == 0 && !retain);
        require(user || !password || version == 5);
        int least = MIN_LENGTH + (version == 3 ? 2 : 0) + (user ? 2 : 0) + (password ? 2 : 0) + (will ? 4 : 0);
        if (version == 5) {
            least += will ? 2 : 1; // the lengths of properties
        }
        require(length >= least);
    }
}
