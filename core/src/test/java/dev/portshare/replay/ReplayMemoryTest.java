package dev.portshare.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayMemoryTest {
    @TempDir
    private Path directory;

    @Test
    void remembersTheLast65536AndNoMore() {
        ReplayMemory memory = ReplayMemory.inMemory();
        for (int number = 0; number < 65_536; number++) {
            assertThat(Tags.add(memory, number)).isTrue();
        }
        assertThat(Tags.add(memory, 0)).as("the oldest of 65,536").isFalse();
        assertThat(Tags.add(memory, 65_536)).isTrue();
        assertThat(Tags.add(memory, 1)).as("now the oldest").isFalse();
        assertThat(Tags.add(memory, 0)).as("forgotten").isTrue();
    }

    @Test
    void isEmptyAtFirstAlsoForATagOfZeros() throws Exception {
        assertThat(ReplayMemory.inMemory().add(0, 0)).isTrue();
        try (ReplayMemory memory = ReplayMemory.open(directory)) {
            assertThat(memory.add(0, 0)).isTrue();
        }
        try (ReplayMemory memory = ReplayMemory.open(directory)) {
            assertThat(memory.add(0, 0)).isFalse();
        }
    }

    @Test
    void tellsTagsApartThatShareAHalf() {
        ReplayMemory memory = ReplayMemory.inMemory();
        assertThat(memory.add(7, 8)).isTrue();
        assertThat(memory.add(7, 9)).isTrue();
        assertThat(memory.add(6, 8)).isTrue();
        memory.remove(7, 8);
        assertThat(memory.add(7, 9)).isFalse();
        assertThat(memory.add(6, 8)).isFalse();
        assertThat(memory.add(7, 8)).isTrue();
    }

    /** Against a plain list of what was added last; at any time it is closed and opened again. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 65, 100, 1000})
    void doesWhatItsModelDoesWhateverComes(int packets) throws Exception {
        Random random = new Random(packets);
        Model model = new Model(packets);
        ReplayMemory kept = ReplayMemory.open(directory, packets);
        ReplayMemory inMemory = ReplayMemory.inMemory(packets);
        int answers = 0;
        for (int round = 0; round < 60_000; round++) {
            long number = random.nextInt(2 * packets + 1);
            switch (random.nextInt(packets < 100 ? 40 : 400)) {
                case 0 -> {
                    kept.close();
                    kept = ReplayMemory.open(directory, packets);
                    assertThat(kept.warning()).isNull();
                }
                case 1, 2, 3, 4 -> {
                    model.remove(number);
                    kept.remove(Tags.high(number), Tags.low(number));
                    inMemory.remove(Tags.high(number), Tags.low(number));
                }
                default -> {
                    boolean isNew = model.add(number);
                    answers += isNew ? 1 : 0;
                    assertThat(Tags.add(kept, number)).as("round %d", round).isEqualTo(isNew);
                    assertThat(Tags.add(inMemory, number)).as("round %d", round).isEqualTo(isNew);
                }
            }
        }
        assertThat(answers).isBetween(10_000, 50_000);
        kept.close();
    }

    /** Tags that all have one home, and the last ones of the table, so that it wraps: the worst for taking one out. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1, -2, 0xF0})
    void findsWhatIsLeftWhereTagsCollide(long homes) {
        Random random = new Random(homes);
        Model model = new Model(48);
        ReplayMemory memory = ReplayMemory.inMemory(48);
        for (int round = 0; round < 20_000; round++) {
            long number = random.nextInt(96);
            // A few homes next to each other.
            long high = homes + (number & 3);
            if (random.nextInt(3) == 0) {
                model.remove(number);
                memory.remove(high, number + 1);
            } else {
                assertThat(memory.add(high, number + 1)).isEqualTo(model.add(number));
            }
        }
    }

    @Test
    void ofThreadsThatAddTheSameExactlyOneIsFirst() throws Exception {
        int threads = 8;
        int numbers = 20_000;
        ReplayMemory memory = ReplayMemory.inMemory();
        AtomicIntegerArray winners = new AtomicIntegerArray(numbers);
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(executor.submit(() -> {
                    start.await();
                    for (int number = 0; number < numbers; number++) {
                        if (Tags.add(memory, number)) {
                            winners.incrementAndGet(number);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        for (int number = 0; number < numbers; number++) {
            assertThat(winners.get(number)).isEqualTo(1);
        }
    }

    @Test
    void addsAndRemovesWithoutGarbage() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ReplayMemory memory = ReplayMemory.open(directory)) {
            run(memory, 0); // fills it, and loads the classes
            long before = threads.getCurrentThreadAllocatedBytes();
            run(memory, 70_000);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000);
        }
    }

    private static void run(ReplayMemory memory, long from) {
        for (int number = 0; number < 70_000; number++) {
            Tags.add(memory, from + number);
            Tags.add(memory, from + number - 5);
            memory.remove(Tags.high(from + number - 9), Tags.low(from + number - 9));
        }
    }

    @Test
    void takesNothingMoreOnceItIsClosed() {
        ReplayMemory memory = ReplayMemory.inMemory();
        memory.close();
        memory.close();
        assertThatThrownBy(() -> memory.add(1, 2)).isInstanceOf(IllegalStateException.class);
    }

    /** The last so many that were added; null for those that were removed again, and count. */
    private static final class Model {
        private final int packets;
        private final LinkedHashMap<Long, Boolean> last = new LinkedHashMap<>();
        private final List<Long> order = new ArrayList<>();

        Model(int packets) {
            this.packets = packets;
        }

        boolean add(long number) {
            if (last.containsKey(number)) {
                return false;
            }
            if (order.size() == packets) {
                long oldest = order.removeFirst();
                if (oldest >= 0) {
                    last.remove(oldest);
                }
            }
            order.add(number);
            last.put(number, true);
            return true;
        }

        void remove(long number) {
            if (last.remove(number) != null) {
                order.set(order.lastIndexOf(number), -1L);
            }
        }
    }
}
