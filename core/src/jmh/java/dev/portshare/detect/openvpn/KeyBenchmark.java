package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A recorded first packet, proven with its key, and refused with another. */
@State(Scope.Thread)
public class KeyBenchmark {
    @Param({
        "tls-auth SHA1 0",
        "tls-auth SHA256 0",
        "tls-auth SHA512 0",
        "tls-auth SHA3-256 0",
        "tls-auth BLAKE2b512 0",
        "tls-auth MD5-SHA1 0",
        "tls-crypt - -",
        "tls-crypt-v2 - -",
        "secret SHA256 0"
    })
    private String packet;

    private OpenVpnKey key;
    private OpenVpnKey other;
    private ByteBuffer head;

    @Setup
    public void find() {
        Recorded.Packet recorded = Recorded.packets().stream()
                .filter(row -> row.name().equals(packet))
                .findFirst()
                .orElseThrow();
        key = recorded.key();
        other = recorded.key("wrong-" + recorded.file());
        head = ByteBuffer.allocateDirect(recorded.bytes().length)
                .put(recorded.bytes())
                .flip()
                .asReadOnlyBuffer();
    }

    @Benchmark
    public @Nullable Proof proven() {
        return key.prove(head);
    }

    @Benchmark
    public @Nullable Proof refused() {
        return other.prove(head);
    }
}
