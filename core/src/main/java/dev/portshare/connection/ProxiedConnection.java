package dev.portshare.connection;

import dev.portshare.detect.proxy.ProxyAddresses;
import dev.portshare.detect.proxy.ProxyHeader;
import dev.portshare.session.Endpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection from a trusted proxy: from its PROXY header on, whose it is and where it went is what that says. */
public final class ProxiedConnection extends Connection {
    private @Nullable ProxyHeader header;

    /** As {@link Connection#Connection}. */
    public ProxiedConnection(Loop loop, int fd, String listener, @Nullable Endpoint local, @Nullable Endpoint peer) {
        super(loop, fd, listener, local, peer);
    }

    /** As {@link Connection#Connection(Loop, Carried)}. */
    public ProxiedConnection(Loop loop, Carried carried) {
        super(loop, carried);
        byte[] bytes = carried.header();
        header = bytes != null && ProxyHeader.read(ByteBuffer.wrap(bytes)) instanceof ProxyHeader found ? found : null;
    }

    @Override
    protected byte[] carriedHeader() {
        byte[] bytes = new byte[header == null ? 0 : header.length()];
        if (header != null) {
            header.bytes().get(bytes);
        }
        return bytes;
    }

    /** The header has come. */
    public void header(ProxyHeader header) {
        this.header = header;
    }

    /** Its header; null where it has not come yet. */
    public @Nullable ProxyHeader header() {
        return header;
    }

    @Override
    public boolean knowsPeer() {
        return header != null;
    }

    @Override
    public @Nullable Endpoint peer() {
        if (header == null || header.addresses() == ProxyAddresses.OWN) {
            return super.peer();
        }
        return header.addresses() instanceof ProxyAddresses.Inet inet ? inet.source() : null;
    }

    @Override
    public boolean isPeerMapped() {
        return (header == null || header.addresses() == ProxyAddresses.OWN) && super.isPeerMapped();
    }

    @Override
    public @Nullable Endpoint local() {
        if (header == null || header.addresses() == ProxyAddresses.OWN) {
            return super.local();
        }
        return header.addresses() instanceof ProxyAddresses.Inet inet ? inet.destination() : null;
    }
}
