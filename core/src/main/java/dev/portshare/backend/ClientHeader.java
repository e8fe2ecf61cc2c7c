package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.route.CertificateNames;
import dev.portshare.route.ProxyProtocol;
import dev.portshare.session.Endpoint;
import dev.portshare.tls.TlsEngine;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a backend is told of its client before the client's bytes (HAProxy's doc/proxy-protocol.txt): who it is, and what it connected
 * to. Of one that has no address it is told just that. Two endpoints of different families are both written as IPv6.
 */
final class ClientHeader {
    private ClientHeader() {}

    /** What can be told of {@code connection} now; at most {@link dev.portshare.connection.Loop#PREFACE_LIMIT} bytes. */
    static byte[] of(ProxyProtocol protocol, Connection connection) {
        Endpoint client = connection.peer();
        Endpoint local = connection.local();
        if (protocol == ProxyProtocol.V1) {
            return line(client, local);
        }
        if (client == null || local == null) {
            return BinaryClientHeader.LOCAL.clone();
        }
        BinaryClientHeader header = new BinaryClientHeader(client, local);
        header.authority(connection.serverName());
        header.applicationProtocol(connection.applicationProtocols());
        header.uniqueId(uniqueId(connection));
        if (connection.client().isSecure()) {
            tls(header, connection.client().tls());
        }
        return header.bytes(protocol == ProxyProtocol.V2_CRC32C);
    }

    private static void tls(BinaryClientHeader header, TlsEngine tls) {
        X509Certificate certificate = tls.peerCertificate();
        String commonName = certificate == null ? null : CertificateNames.commonName(certificate);
        header.tls(
                tls.version(), tls.cipher(), certificate == null ? null : Objects.requireNonNullElse(commonName, ""));
    }

    /** Version 1 (2.1): {@code PROXY TCP4 192.0.2.7 203.0.113.5 51234 443}. */
    static byte[] line(@Nullable Endpoint client, @Nullable Endpoint local) {
        StringBuilder line = new StringBuilder("PROXY ");
        if (client == null || local == null) {
            line.append("UNKNOWN");
        } else {
            boolean isIpv4 = client.isIpv4() && local.isIpv4();
            line.append(isIpv4 ? "TCP4 " : "TCP6 ");
            address(line, client, isIpv4).append(' ');
            address(line, local, isIpv4).append(' ');
            line.append(client.port()).append(' ').append(local.port());
        }
        return line.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Without the interface of a link-local address, of which the header has no notion. */
    private static StringBuilder address(StringBuilder line, Endpoint endpoint, boolean isIpv4) {
        if (endpoint.isIpv4() && !isIpv4) {
            line.append("::ffff:");
        }
        return line.append(new Endpoint(endpoint.high(), endpoint.low(), endpoint.port(), 0).hostString());
    }

    /** The connection's number, as in the log, and when it was accepted: the numbers begin anew with each process. */
    private static String uniqueId(Connection connection) {
        return Long.toString(connection.id()).concat("-").concat(Long.toHexString(connection.accepted()));
    }
}
