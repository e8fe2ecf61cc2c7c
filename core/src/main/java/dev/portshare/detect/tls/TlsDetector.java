package dev.portshare.detect.tls;

import dev.portshare.detect.ByteReader;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import dev.portshare.detect.Detectors;
import java.nio.ByteBuffer;

/**
 * Recognises a TLS client by its whole ClientHello, and tells server name and ALPN from it. MATCH comes with the
 * hello's last byte, not before: a later extension could still make it invalid. What follows the hello is not looked
 * at. The first bit tells SSLv2's framing from TLS's.
 */
public final class TlsDetector implements Detector {
    private static final Detection BARE = Detection.Match.of(Detectors.TLS);

    @Override
    public Detection detect(ByteBuffer head) {
        try {
            if (head.hasRemaining() && head.get(head.position()) < 0) {
                Sslv2Hello.pass(new ByteReader(head));
                return BARE;
            }
            ClientHello hello = ClientHello.read(new HandshakeReader(head));
            return Detection.Match.tls(hello.serverName(), hello.applicationProtocols(), hello.encryptedHello());
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }
}
