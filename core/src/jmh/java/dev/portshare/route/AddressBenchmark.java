package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A client is looked up in a list of address blocks; half of the clients are in it, and each is another than the one before. */
@State(Scope.Thread)
public class AddressBenchmark {
    private static final int ASKED = 1 << 16;

    /** Whose lists and clients they are. */
    public enum Family {
        IPV4,
        IPV6
    }

    @Param
    private Family family;

    @Param({"10", "1000", "100000"})
    private int blocks;

    private CidrSet set;
    private Endpoint[] clients;
    private int next;

    @Setup
    public void build() {
        Random random = new Random(443);
        List<Cidr> list = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            list.add(block(random));
        }
        set = CidrSet.of(list);
        clients = new Endpoint[ASKED];
        for (int i = 0; i < ASKED; i++) {
            Cidr block = i % 2 == 0 ? list.get(random.nextInt(blocks)) : block(random);
            clients[i] = new Endpoint(block.high(), block.low(), 1, 0);
        }
    }

    /** As in lists of networks: from /16 to /32, and in IPv6 from /32 to /64 out of what is given out. */
    private Cidr block(Random random) {
        if (family == Family.IPV4) {
            int length = 16 + random.nextInt(17);
            long address = random.nextInt() & 0xffff_ffffL & -1L << 32 - length;
            return new Cidr(0, Cidr.MAPPED | address, 96 + length);
        }
        int length = 32 + random.nextInt(33);
        long address = 0x2000_0000_0000_0000L | random.nextLong() >>> 3;
        return new Cidr(length == 64 ? address : address & -1L << 64 - length, 0, length);
    }

    @Benchmark
    public boolean contains() {
        next = (next + 1) % ASKED;
        return set.contains(clients[next]);
    }
}
