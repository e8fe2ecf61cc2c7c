package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import dev.portshare.route.Mapping;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Gives each client an address of this machine that stands for it and for no other. */
public final class MappedPool implements Origin {
    private volatile Mapping mapping;

    MappedPool(Mapping mapping) {
        this.mapping = mapping;
    }

    Mapping mapping() {
        return mapping;
    }

    /** From now on this says what new clients get. */
    void mapping(Mapping mapping) {
        this.mapping = mapping;
    }

    @Override
    public void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        Binding.address(side, mapping.pool().first().address());
    }

    @Override
    public boolean reaches(InetAddress backend, Connection connection) {
        return backend instanceof Inet4Address;
    }

    @Override
    public void check(Consumer<String> problem) {}
}
