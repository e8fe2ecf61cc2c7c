package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.LifeModel.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every order of events that can meet a connection, up to a length, and longer ones by chance: one record comes out, for a reason
 * that the order allows, and nothing is left behind. What fails names its order, which {@code -Dinterleaving.replay} takes.
 */
class InterleavingTest {
    /** Of all orders; {@code -Psoak} has longer ones. */
    private static final int LENGTH = Integer.getInteger("interleaving.length", 2);
    /** Of those by chance, and how many of a kind. */
    private static final int LONG = 8;

    private static final int SOME = Integer.getInteger("interleaving.some", 40);
    /** Each number is another choice; always the same one, so that a build that is green stays so. */
    private static final long SEED = Long.getLong("interleaving.seed", 1);

    @TempDir
    Path folder;

    /** Each step has its own, far shorter limit. */
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @ParameterizedTest
    @CsvSource({
        "false, ACCEPTS",
        "true, ACCEPTS",
        "false, REFUSES",
        "true, REFUSES",
        "false, NEVER_ANSWERS",
        "true, NEVER_ANSWERS"
    })
    void everyOrderEndsOnceAndLeavesNothing(boolean early, Backend backend) throws Exception {
        String replay = System.getProperty("interleaving.replay", "");
        if (replay.isBlank()) {
            run(early, backend, LifeOrders.all(early, backend, LENGTH));
            run(early, backend, LifeOrders.some(early, backend, LONG, SOME, SEED));
        } else {
            LifeOrder order = LifeOrder.parse(replay);
            if (order.early() == early && order.backend() == backend) {
                run(early, backend, List.of(order));
            }
        }
    }

    @Test
    void anOrderIsReadAsItIsWritten() {
        for (LifeOrder order : LifeOrders.some(true, Backend.ACCEPTS, LONG, 10, SEED)) {
            assertThat(LifeOrder.parse(order.toString())).isEqualTo(order);
        }
    }

    private void run(boolean early, Backend backend, List<LifeOrder> orders) throws Exception {
        System.out.printf("interleaving: early=%s %s: %,d orders%n", early, backend, orders.size());
        Path journal = Files.createTempDirectory(folder, "journal");
        try (LifeWorld world = new LifeWorld(early, backend, journal)) {
            Set<String> bare = LifeAccounts.descriptors();
            for (LifeOrder order : orders) {
                try {
                    run(world, order, bare);
                } catch (Throwable e) {
                    throw new AssertionError(
                            "order: " + order
                                    + "\nagain: mvn -pl core test -Dtest=InterleavingTest -Dinterleaving.replay='"
                                    + order + "'",
                            e);
                }
            }
        }
    }

    /**
     * Lets {@code order} meet a connection.
     *
     * @param bare what is open where no portshare is
     */
    private static void run(LifeWorld world, LifeOrder order, Set<String> bare) throws Exception {
        world.front();
        Set<String> before = LifeAccounts.descriptors();
        try (LifeScene scene = new LifeScene(world)) {
            for (LifeEvent event : order.path()) {
                scene.meet(event);
            }
            if (!order.atOnce().isEmpty()) {
                scene.meetAtOnce(order.atOnce().getFirst(), order.atOnce().getLast());
            }
            assertThat(scene.finish()).isIn(order.ends());
        }
        if (!order.atOnce().isEmpty()) {
            world.forgetStrays();
        }
        if (!order.leavesProgram()) {
            world.end(world.front());
        }
        Set<String> allowed = order.leavesProgram() ? before : bare;
        if (!allowed.containsAll(LifeAccounts.descriptors())) {
            await().untilAsserted(() ->
                    assertThat(LifeAccounts.descriptors()).as("descriptors").isSubsetOf(allowed));
        }
    }
}
