package dev.portshare.backend.check;

import dev.portshare.route.ProxyProtocol;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a backend that is told of its clients is told of a check: that it is of nobody (HAProxy's doc/proxy-protocol.txt, 2). */
final class Preface {
    private static final String UNKNOWN = "PROXY UNKNOWN\r\n";
    private static final String LOCAL = "\r\n\r\n\0\r\nQUIT\n \0\0\0";

    private Preface() {}

    static byte[] of(@Nullable ProxyProtocol protocol) {
        String text = protocol == null ? "" : protocol == ProxyProtocol.V1 ? UNKNOWN : LOCAL;
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
