package dev.portshare.detect.tls;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import java.nio.ByteBuffer;

/**
 * Recognises a TLS client by its whole ClientHello, and tells server name and ALPN from it. MATCH comes with the
 * hello's last byte, not before: a later extension could still make it invalid. What follows the hello is not looked
 * at.
 */
public final class TlsDetector implements Detector {
    @Override
    public Detection detect(ByteBuffer head) {
        try {
            ClientHello hello = ClientHello.read(new HandshakeReader(head));
            return Detection.Match.tls(hello.serverName(), hello.applicationProtocols(), false);
        } catch (HandshakeReader.Stop stop) {
            return stop.verdict();
        }
    }
}
