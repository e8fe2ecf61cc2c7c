package dev.portshare.backend.check;

import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.route.Health;
import dev.portshare.route.ProofTerms;
import dev.portshare.route.Route;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Asks one backend once, over a connection of its own. Immutable, and of any thread. */
public abstract sealed class Probe permits TcpProbe, TlsProbe, OpenVpnProbe {
    private final byte[] preface;

    /** Which sends {@code preface} first. */
    Probe(byte[] preface) {
        this.preface = preface;
    }

    /** What {@code check} wants, for {@code route}. */
    public static Probe of(Health.Check check, Route route) {
        byte[] preface = Preface.of(route.proxyProtocol());
        return switch (check.kind()) {
            case TCP -> new TcpProbe(preface);
            case TLS -> new TlsProbe(preface, check.name());
            case OPENVPN -> new OpenVpnProbe(preface, key(route), InstantSource.system());
        };
    }

    /** What the clients of {@code route} hold; null: nothing. */
    private static @Nullable OpenVpnKey key(Route route) {
        ProofTerms proof = route.when().proof();
        return proof == null
                ? null
                : proof.keys().stream()
                        .filter(OpenVpnKey::isAnswered)
                        .findFirst()
                        .orElse(null);
    }

    /**
     * Returns where the backend is as it should be; blocks, on a virtual thread.
     *
     * @param address an {@link java.net.InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
     * @param timeout for all of it
     * @throws IOException saying in a few words what is wrong
     */
    public final void check(SocketAddress address, Duration timeout) throws IOException {
        try (Line line = Line.open(address, timeout)) {
            line.write(ByteBuffer.wrap(preface));
            ask(line);
        }
    }

    /** The same over {@code line}, which is connected. */
    abstract void ask(Line line) throws IOException;
}
