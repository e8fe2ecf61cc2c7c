package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Detection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NameMemoryTest {
    private static final int NAMES = 3 * NameMemory.SLOTS;
    private static final int LOOPS = 4;

    private final NameMemory memory = new NameMemory();

    @Test
    void knowsWhatWasFoundForANameUntilAnotherTakesItsSlot() {
        List<List<Integer>> found = List.of(List.of(1, 2), List.of(3));
        memory.put("a.org", found);
        assertThat(memory.get("a.org")).isSameAs(found);
        assertThat(memory.get("b.org")).isNull();
        // Two names of one hash.
        memory.put("Aa.org", found);
        assertThat(memory.get("BB.org")).isNull();
        memory.put("BB.org", List.of());
        assertThat(memory.get("BB.org")).isEmpty();
        assertThat(memory.get("Aa.org")).isNull();
    }

    @Test
    void doesNotGrowHoweverManyNamesAreMadeUp() {
        for (int i = 0; i < NAMES; i++) {
            memory.put("host" + i, List.of());
        }
        assertThat(IntStream.range(0, NAMES).filter(i -> memory.get("host" + i) != null))
                .hasSizeBetween(NameMemory.SLOTS / 2, NameMemory.SLOTS);
    }

    @Test
    void keepsNothingLong() {
        String longest = "a".repeat(DnsName.MAX_LENGTH);
        memory.put(longest, List.of());
        memory.put(longest + "a", List.of());
        assertThat(memory.get(longest)).isNotNull();
        assertThat(memory.get(longest + "a")).isNull();
        memory.put("a", Collections.nCopies(NameMemory.MAX_FOUND, List.of()));
        memory.put("b", Collections.nCopies(NameMemory.MAX_FOUND + 1, List.of()));
        assertThat(memory.get("a")).isNotNull();
        assertThat(memory.get("b")).isNull();
    }

    /** Several event loops ask for more names than it holds, again and again, and get what asking each route gets. */
    @Test
    void neverChangesADecision() throws Exception {
        Random random = new Random(443);
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Condition when = Condition.ANY.withServerNames(
                    ServerNameSet.of(Stream.generate(() -> ServerNamePattern.parse(pattern(random)))
                            .limit(1 + random.nextInt(3))
                            .toList()));
            Condition also = random.nextInt(3) > 0 ? when : when.withApplicationProtocols(List.of("h2"));
            routes.add(new Route("r" + i, also, new Target.Reject()));
        }
        List<Facts> asked = new ArrayList<>();
        Map<Facts, String> expected = new HashMap<>();
        for (int i = 0; i < NAMES; i++) {
            Facts facts = new Facts(
                    Detection.Match.tls(name(random), random.nextBoolean() ? List.of("h2") : List.of(), false),
                    null,
                    ":443");
            asked.add(facts);
            expected.put(
                    facts,
                    routes.stream()
                            .filter(route -> route.when().holds(facts))
                            .findFirst()
                            .map(Route::name)
                            .orElse("none"));
        }
        assertThat(expected.values().stream().distinct().count()).isGreaterThan(20);
        RouteTable table = new RouteTable(routes);
        try (var loops = Executors.newFixedThreadPool(LOOPS)) {
            List<Future<?>> done = new ArrayList<>();
            for (int loop = 0; loop < LOOPS; loop++) {
                Random order = new Random(loop);
                done.add(loops.submit(() -> {
                    for (int i = 0; i < 8 * NAMES; i++) {
                        // Half of all ask for few names, which are known then.
                        Facts facts = asked.get(order.nextInt(order.nextBoolean() ? NAMES : 100));
                        Route route = table.decide(facts);
                        assertThat(route == null ? "none" : route.name())
                                .as("%s", facts)
                                .isEqualTo(expected.get(facts));
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
    }

    private static String pattern(Random random) {
        String name = "w" + random.nextInt(1000) + ".t" + random.nextInt(30) + ".example";
        return switch (random.nextInt(5)) {
            case 0 -> name;
            case 1 -> "*" + name.substring(name.indexOf('.'));
            case 2 -> "/w[0-9]*" + random.nextInt(10) + "\\.t" + random.nextInt(30) + "\\.example/";
            case 3 -> "/[a-z]" + random.nextInt(100) + "[0-9]*\\..*/";
            default -> "/.*\\.t" + random.nextInt(30) + "\\.[a-z]+/";
        };
    }

    private static String name(Random random) {
        return "w" + random.nextInt(1000) + ".t" + random.nextInt(40) + ".example";
    }
}
