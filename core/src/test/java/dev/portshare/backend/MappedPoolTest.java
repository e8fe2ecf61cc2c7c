package dev.portshare.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.route.Cidr;
import dev.portshare.route.IpLiteral;
import dev.portshare.route.Mapping;
import dev.portshare.session.Endpoint;
import dev.portshare.session.MappedAddresses.Counts;
import dev.portshare.session.MappedAddresses.Mapped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedPoolTest {
    private static final Duration REMEMBER = Duration.ofHours(2);
    /** More than the pools have addresses. */
    private static final int CLIENTS = 400;

    /** Times are near the real one, which {@link MappedPool#of} goes by. */
    private long now = System.nanoTime();

    private static Mapping mapping(String pool, String... fixed) {
        Map<Endpoint, Endpoint> map = new HashMap<>();
        for (int i = 0; i < fixed.length; i += 2) {
            map.put(address(fixed[i]), address(fixed[i + 1]));
        }
        return new Mapping(Cidr.parse(pool), REMEMBER, map);
    }

    private static Endpoint address(String text) {
        return Endpoint.of(Objects.requireNonNull(IpLiteral.parse(text), text), 0);
    }

    private static Endpoint client(int number) {
        return Endpoint.ipv4(0xc6336400 + number, 1000 + number);
    }

    private static String shown(MappedEntry entry) {
        return Endpoint.ipv4(entry.address, 0).hostString();
    }

    private MappedEntry lease(MappedPool pool, String client) {
        return pool.lease(address(client), now);
    }

    private String leased(MappedPool pool, String client) {
        return shown(lease(pool, client));
    }

    /** Those stay the same: in every later version too a client normally has the address that logs know it by. */
    @ParameterizedTest
    @CsvSource({
        "198.51.100.7,127.65.144.109",
        "198.51.100.8,127.87.101.180",
        "2001:db8::7,127.119.176.66",
    })
    void theAddressThatAClientPrefers(String client, String expected) {
        assertThat(leased(new MappedPool(Mapping.DEFAULT), client)).isEqualTo(expected);
    }

    @Test
    void aClientHasOneAddressWhateverItsPortAndOthersHaveOthers() {
        MappedPool pool = new MappedPool(Mapping.DEFAULT);
        MappedEntry entry = pool.lease(address("192.0.2.1").withPort(1), now);
        assertThat(pool.lease(address("192.0.2.1").withPort(2), now)).isSameAs(entry);
        assertThat(entry.connections).isEqualTo(2);
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            addresses.add(shown(pool.lease(client(i), now)));
        }
        assertThat(addresses).hasSize(1000).doesNotContain(shown(entry)).allMatch(text -> {
            int second = Integer.parseInt(text.split("\\.")[1]);
            return second >= 64 && second < 128;
        });
        // A link-local address is one's at one interface only.
        assertThat(pool.lease(new Endpoint(0xfe80L << 48, 1, 0, 1), now))
                .isNotSameAs(pool.lease(new Endpoint(0xfe80L << 48, 1, 0, 2), now));
    }

    @Test
    void aClientIsRememberedForAWhileAndThenNotLookedFor() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/24"));
        MappedEntry entry = lease(pool, "192.0.2.1");
        now -= REMEMBER.toNanos() / 2;
        pool.release(entry, now);
        assertThat(pool.counts()).isEqualTo(new Counts(0, 1, 0));
        Mapped mapped = pool.of(address("192.0.2.1"));
        assertThat(mapped.client()).isEqualTo(address("192.0.2.1"));
        assertThat(mapped.address()).hasToString(shown(entry) + ":0");
        assertThat(mapped.connections()).isZero();
        assertThat(mapped.nanos()).isBetween(1L, REMEMBER.toNanos() / 2);
        assertThat(pool.at(mapped.address()).client()).isEqualTo(mapped.client());
        assertThat(lease(pool, "192.0.2.1")).isSameAs(entry);
        assertThat(pool.at(mapped.address()).connections()).isOne();
        assertThat(pool.at(mapped.address()).nanos()).isNegative();
        now -= REMEMBER.toNanos();
        pool.release(entry, now);
        assertThat(pool.at(mapped.address())).isNull();
        assertThat(pool.of(address("192.0.2.1"))).isNull();
        assertThat(pool.counts()).isEqualTo(new Counts(0, 0, 0));
    }

    /** 5 usable addresses and the shared one. */
    @Test
    void aFullPoolGivesUpWhoWasIdleLongestThenShares() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/29"));
        List<MappedEntry> entries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            entries.add(pool.lease(client(i), now));
        }
        assertThat(entries.stream().map(MappedPoolTest::shown))
                .containsExactlyInAnyOrder("127.64.0.1", "127.64.0.2", "127.64.0.3", "127.64.0.4", "127.64.0.5");
        pool.release(entries.get(3), now);
        pool.release(entries.get(1), now + 1);
        MappedEntry another = pool.lease(client(100), now + 2);
        assertThat(another.address).isEqualTo(entries.get(3).address);
        assertThat(pool.lease(client(1), now + 3)).isSameAs(entries.get(1));
        MappedEntry shared = pool.lease(client(101), now + 4);
        assertThat(shown(shared)).isEqualTo("127.64.0.6");
        assertThat(pool.lease(client(102), now + 4)).isSameAs(shared);
        assertThat(pool.counts()).isEqualTo(new Counts(5, 0, 2));
        assertThat(pool.at(address("127.64.0.6"))).isEqualTo(new Mapped(null, address("127.64.0.6"), 2, false, -1));
        pool.release(shared, now);
        pool.release(shared, now);
        pool.release(another, now);
        assertThat(pool.lease(client(101), now).address).isEqualTo(another.address);
    }

    @Test
    void theSmallestPoolHasOneAddressBesideTheSharedOne() {
        MappedPool pool = new MappedPool(mapping("10.9.8.4/30"));
        assertThat(leased(pool, "192.0.2.1")).isEqualTo("10.9.8.5");
        assertThat(leased(pool, "192.0.2.2")).isEqualTo("10.9.8.6");
        assertThat(leased(pool, "192.0.2.3")).isEqualTo("10.9.8.6");
    }

    @Test
    void noMoreAreRememberedThanThereIsRoomFor() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/10"));
        for (int i = 0; i < MappedPool.MOST_IDLE + 10; i++) {
            pool.release(pool.lease(Endpoint.ipv4(i, 0), now + i), now + i);
        }
        assertThat(pool.counts()).isEqualTo(new Counts(0, MappedPool.MOST_IDLE, 0));
        assertThat(pool.of(Endpoint.ipv4(9, 0))).isNull();
        assertThat(pool.of(Endpoint.ipv4(10, 0))).isNotNull();
    }

    @Test
    void aFixedAddressIsItsClientsAlone() {
        MappedPool pool =
                new MappedPool(mapping("127.64.0.0/29", "192.0.2.9", "127.64.0.6", "2001:db8::9", "127.0.0.77"));
        Set<String> others = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            others.add(shown(pool.lease(client(i), now)));
        }
        // The last that is nobody's is shared.
        assertThat(others)
                .containsExactlyInAnyOrder("127.64.0.1", "127.64.0.2", "127.64.0.3", "127.64.0.4", "127.64.0.5");
        Mapped mapped = new Mapped(address("192.0.2.9"), address("127.64.0.6"), 0, true, -1);
        assertThat(pool.at(address("127.64.0.6"))).isEqualTo(mapped);
        assertThat(pool.of(address("192.0.2.9").withPort(5))).isEqualTo(mapped);
        MappedEntry fixed = lease(pool, "192.0.2.9");
        assertThat(shown(fixed)).isEqualTo("127.64.0.6");
        assertThat(leased(pool, "2001:db8::9")).isEqualTo("127.0.0.77");
        pool.release(fixed, now);
        assertThat(pool.counts().idle()).isZero();
        assertThat(pool.of(address("192.0.2.9"))).isEqualTo(mapped);
    }

    @Test
    void aReloadThatFixesAnAddressTakesItFromWhoeverHasIt() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/29"));
        MappedEntry live = lease(pool, "192.0.2.1");
        MappedEntry idle = lease(pool, "192.0.2.2");
        pool.release(idle, now);
        MappedEntry own = lease(pool, "192.0.2.3");
        pool.follow(mapping(
                "127.64.0.0/29", "198.51.100.1", shown(live), "198.51.100.2", shown(idle), "192.0.2.3", "127.0.0.3"));
        assertThat(leased(pool, "198.51.100.1")).isEqualTo(shown(live));
        assertThat(leased(pool, "198.51.100.2")).isEqualTo(shown(idle));
        // New connections of theirs; the old ones stay where they are, which nobody else gets.
        MappedEntry next = lease(pool, "192.0.2.1");
        assertThat(shown(next)).isNotIn(shown(live), shown(idle), shown(own));
        assertThat(shown(lease(pool, "192.0.2.3"))).isEqualTo("127.0.0.3");
        assertThat(pool.at(address(shown(own))).client()).isEqualTo(address("192.0.2.3"));
        assertThat(pool.of(address("192.0.2.3")).address()).isEqualTo(address("127.0.0.3"));
        // And back: who has it keeps it.
        pool.follow(mapping("127.64.0.0/29"));
        assertThat(leased(pool, "198.51.100.1")).isEqualTo(shown(live));
        assertThat(lease(pool, "192.0.2.1")).isSameAs(next);
        pool.release(live, now);
        pool.release(own, now);
        assertThat(pool.at(address(shown(own)))).isNull();
    }

    @Test
    void aReloadWithAnotherPoolConcernsNewConnections() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/24"));
        MappedEntry live = lease(pool, "192.0.2.1");
        MappedEntry idle = lease(pool, "192.0.2.2");
        pool.release(idle, now);
        pool.follow(mapping("127.65.0.0/24"));
        assertThat(pool.of(address("192.0.2.2"))).isNull();
        assertThat(pool.at(address(shown(live))).connections()).isOne();
        MappedEntry next = lease(pool, "192.0.2.1");
        assertThat(shown(next)).startsWith("127.65.0.");
        assertThat(pool.counts()).isEqualTo(new Counts(2, 0, 0));
        // The old one is no other's, also where the pool comes back.
        pool.follow(mapping("127.64.0.0/30", "192.0.2.77", "127.64.0.2"));
        if (shown(live).equals("127.64.0.1")) {
            assertThat(leased(pool, "192.0.2.3")).isEqualTo("127.64.0.1");
        }
        pool.release(live, now);
        pool.release(next, now);
        assertThat(pool.counts().inUse()).isLessThanOrEqualTo(1);
    }

    @Test
    void aReloadMayShortenTheTimeThatClientsAreRemembered() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/24"));
        pool.release(lease(pool, "192.0.2.1"), now - Duration.ofMinutes(5).toNanos());
        pool.follow(new Mapping(Cidr.parse("127.64.0.0/24"), Duration.ofMinutes(6), Map.of()));
        assertThat(pool.of(address("192.0.2.1")).nanos())
                .isBetween(1L, Duration.ofMinutes(1).toNanos());
        pool.follow(new Mapping(Cidr.parse("127.64.0.0/24"), Duration.ofMinutes(4), Map.of()));
        assertThat(pool.of(address("192.0.2.1"))).isNull();
    }

    @Test
    void theNextProcessGoesOnWithTheSameAddresses() {
        // Both prefer the one address that there is, and one has the other's.
        Mapping mapping = mapping("127.64.0.0/24");
        MappedPool before = new MappedPool(mapping);
        List<Endpoint> clients = new ArrayList<>();
        List<MappedEntry> entries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(client(i));
            entries.add(before.lease(client(i), now));
        }
        MappedPool after = new MappedPool(mapping);
        for (int i = 199; i >= 0; i--) {
            assertThat(after.adopt(clients.get(i), entries.get(i).address).isCurrent)
                    .isTrue();
            assertThat(after.adopt(clients.get(i), entries.get(i).address).connections)
                    .isEqualTo(2);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(after.lease(clients.get(i), now).address).isEqualTo(entries.get(i).address);
        }
        assertThat(after.counts()).isEqualTo(new Counts(200, 0, 0));
    }

    /** Another has the address by now, or the client has another: the connection keeps it until it ends. */
    @Test
    void anAdoptedConnectionThatComesTooLateKeepsItsAddress() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/24"));
        MappedEntry theirs = lease(pool, "192.0.2.1");
        MappedEntry late = pool.adopt(address("192.0.2.2"), theirs.address);
        assertThat(late).isNotSameAs(theirs);
        assertThat(late.address).isEqualTo(theirs.address);
        MappedEntry next = lease(pool, "192.0.2.2");
        assertThat(next.address).isNotEqualTo(theirs.address);
        assertThat(pool.at(address(shown(theirs))).client()).isEqualTo(address("192.0.2.1"));
        MappedEntry other = pool.adopt(address("192.0.2.2"), theirs.address + 100 & 0xff | 0x7f400000);
        assertThat(other.isCurrent).isFalse();
        pool.release(late, now);
        pool.release(other, now);
        assertThat(pool.at(address(shown(theirs))).client()).isEqualTo(address("192.0.2.1"));
        assertThat(pool.counts().inUse()).isEqualTo(2);
        // Of no pool any more, the shared one, a fixed one.
        assertThat(pool.adopt(address("192.0.2.3"), 0x7f000001)).isNull();
        assertThat(shown(pool.adopt(address("192.0.2.3"), 0x7f4000fe))).isEqualTo("127.64.0.254");
        assertThat(pool.counts().shared()).isZero();
        pool.follow(mapping("127.64.0.0/24", "192.0.2.4", "127.0.0.9"));
        assertThat(pool.adopt(address("192.0.2.4"), 0x7f000009).isFixed).isTrue();
    }

    @Test
    void whatAnAdoptedConnectionHasAsWellIsNotGivenOut() {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/30"));
        MappedEntry first = lease(pool, "192.0.2.1");
        pool.release(first, now);
        MappedEntry adopted = pool.adopt(address("192.0.2.2"), first.address);
        assertThat(leased(pool, "192.0.2.3")).isEqualTo("127.64.0.2");
        pool.release(adopted, now);
        assertThat(leased(pool, "192.0.2.3")).isEqualTo("127.64.0.1");
    }

    @Test
    void theFirstAndTheLastOfABlockAreNobodys() {
        MappedBlock block = MappedBlock.of(Cidr.parse("10.0.0.0/24"));
        assertThat(block).isEqualTo(new MappedBlock(0x0a000001, 254));
        assertThat(block.number(0x0a000000)).isNegative();
        assertThat(block.number(0x0a000001)).isZero();
        assertThat(block.number(0x0a0000fe)).isEqualTo(253);
        assertThat(block.number(0x0a0000ff)).isNegative();
        assertThat(MappedBlock.of(Cidr.parse("0.0.0.0/0"))).isEqualTo(new MappedBlock(1, (1 << 24) - 2));
        // Above 127.255.255.255 an int is negative.
        assertThat(MappedBlock.of(Cidr.parse("198.18.0.0/15")).number(0xc6120001))
                .isZero();
        for (int i = 0; i < 1000; i++) {
            assertThat(block.preferred(client(i))).isBetween(0, 253);
        }
    }

    /** Never do two clients have one address, nor one client two, whatever comes and goes meanwhile. */
    @Test
    void manyThreadsNeverGiveOneAddressToTwoClients() throws Exception {
        MappedPool pool = new MappedPool(mapping("127.64.0.0/24"));
        Map<Integer, Integer> addresses = new ConcurrentHashMap<>();
        Tally tally = new Tally();
        inFourThreads(random -> {
            int client = random.nextInt(CLIENTS);
            MappedEntry entry = pool.lease(client(client), System.nanoTime());
            tally.begin(entry.address, client, () -> addresses.put(client, entry.address));
            assertThat(addresses).containsEntry(client, entry.address);
            return () -> {
                tally.end(entry.address);
                pool.release(entry, System.nanoTime());
            };
        });
        assertThat(pool.counts()).isEqualTo(new Counts(0, 253, 0));
        assertThat(clientsByAddress(pool)).hasSize(253);
    }

    /** The older connections keep addresses of pools that come and go. */
    @Test
    void norDoTheyWhileThePoolChanges() throws Exception {
        List<Mapping> mappings = List.of(
                mapping("127.64.0.0/24"),
                mapping("127.64.0.0/24", "198.51.100.9", "127.9.9.9", "192.0.2.1", "127.64.0.7"),
                mapping("127.65.0.0/24"),
                mapping("127.64.0.0/23"));
        MappedPool pool = new MappedPool(mappings.getFirst());
        Tally tally = new Tally();
        inFourThreads(random -> {
            if (random.nextInt(500) == 0) {
                pool.follow(mappings.get(random.nextInt(mappings.size())));
            }
            int client = random.nextInt(CLIENTS);
            MappedEntry entry = pool.lease(client(client), System.nanoTime());
            tally.begin(entry.address, client, () -> {});
            return () -> {
                tally.end(entry.address);
                pool.release(entry, System.nanoTime());
            };
        });
        assertThat(pool.counts().inUse()).isZero();
        assertThat(pool.counts().shared()).isZero();
        clientsByAddress(pool);
        // Nothing is taken up for nobody: each number can be given out.
        pool.follow(mappings.get(2));
        pool.follow(mappings.getFirst());
        Set<Integer> all = new HashSet<>();
        for (int i = 0; i < 253; i++) {
            all.add(pool.lease(Endpoint.ipv4(i, 0), System.nanoTime()).address);
        }
        assertThat(all).hasSize(253);
        assertThat(pool.counts()).isEqualTo(new Counts(253, 0, 0));
    }

    /** Which client has an address, and how often. */
    private static final class Tally {
        private final Map<Integer, int[]> holds = new ConcurrentHashMap<>();

        void begin(int address, int client, Runnable first) {
            holds.compute(address, (_, hold) -> {
                if (hold == null) {
                    first.run();
                    return new int[] {client, 1};
                }
                assertThat(hold[0]).as("%x", address).isEqualTo(client);
                hold[1]++;
                return hold;
            });
        }

        void end(int address) {
            holds.computeIfPresent(address, (_, hold) -> --hold[1] == 0 ? null : hold);
        }
    }

    /** Begins connections, and ends them in any order, up to 50 at a time in each thread. */
    private static void inFourThreads(Function<Random, Runnable> begin) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(thread);
                tasks.add(() -> {
                    List<Runnable> ends = new ArrayList<>();
                    for (int i = 0; i < 50_000; i++) {
                        if (ends.size() < 50 && random.nextBoolean()) {
                            ends.add(begin.apply(random));
                        } else if (!ends.isEmpty()) {
                            ends.remove(random.nextInt(ends.size())).run();
                        }
                    }
                    ends.forEach(Runnable::run);
                    return ends.size();
                });
            }
            for (Future<Integer> task : threads.invokeAll(tasks)) {
                task.get();
            }
        }
    }

    private static Map<Endpoint, Endpoint> clientsByAddress(MappedPool pool) {
        Map<Endpoint, Endpoint> clients = new HashMap<>();
        for (int i = 0; i < CLIENTS; i++) {
            Mapped mapped = pool.of(client(i));
            if (mapped != null) {
                assertThat(clients.put(mapped.address(), mapped.client())).isNull();
                assertThat(pool.at(mapped.address()).client()).isEqualTo(mapped.client());
            }
        }
        return clients;
    }
}
