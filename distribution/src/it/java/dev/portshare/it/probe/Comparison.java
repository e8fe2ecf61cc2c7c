package dev.portshare.it.probe;

import dev.portshare.it.harness.Repository;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Sends each probe to two ports at the same time, and finds what tells them apart. Times may differ by what a busy machine makes
 * of them, and one that differs by more is looked at once more.
 *
 * @param direct where the web server listens
 * @param front  where what stands in front of it listens
 * @param grace  zero, or how long the front may wait for more of what begins like OpenVPN
 */
public record Comparison(int direct, int front, Duration grace) {
    private static final Duration TOLERANCE = Duration.ofMillis(150);
    private static final int AT_ONCE = 60;
    /** How often one that looks different is looked at again. */
    private static final int MORE = 20;

    /** Where the front waits for nothing. */
    public Comparison(int direct, int front) {
        this(direct, front, Duration.ZERO);
    }

    /** What one probe saw at both. */
    private record Pair(Probe probe, Sight direct, Sight front) {
        @Override
        public String toString() {
            return probe + "\n  direct: " + direct + "\n  front:  " + front;
        }
    }

    /** What tells the two apart, probe by probe. What was seen first is written to {@code target/probes-NAME.tsv}. */
    public List<String> of(String name, List<Probe> probes) throws Exception {
        List<String> seams = new ArrayList<>();
        for (Pair pair : look(name, probes)) {
            if (!pair.front.looksLike(pair.direct)) {
                lookAtLooks(pair).ifPresent(seams::add);
            } else if (!isInTime(pair)) {
                run(List.of(pair.probe), 1).stream()
                        .filter(again -> !isInTime(again))
                        .forEach(again -> seams.add("at another time: " + again));
            }
        }
        return seams;
    }

    /** A web server may answer the same in more than one way, by chance; the front in no other. */
    private Optional<String> lookAtLooks(Pair pair) throws Exception {
        List<Pair> all = new ArrayList<>(run(Collections.nCopies(MORE, pair.probe), 8));
        all.add(pair);
        return all.stream()
                .filter(seen -> all.stream().noneMatch(other -> seen.front.mayLookLike(other.direct)))
                .map(seen -> "never seen at the web server: " + seen)
                .findFirst();
    }

    /** The same, but looks once: how many of {@code probes} saw a difference. */
    public long countOf(String name, List<Probe> probes) throws Exception {
        return look(name, probes).stream().filter(pair -> !isAlike(pair)).count();
    }

    private boolean isAlike(Pair pair) {
        return pair.front.looksLike(pair.direct) && isInTime(pair);
    }

    private boolean isInTime(Pair pair) {
        Duration later = pair.probe.waits() ? TOLERANCE.plus(grace) : TOLERANCE;
        return pair.front.isInTimeWith(pair.direct, TOLERANCE, later);
    }

    private List<Pair> look(String name, List<Probe> probes) throws Exception {
        List<Pair> pairs = run(probes, AT_ONCE);
        Files.write(
                Repository.MODULE.resolve("target/probes-" + name + ".tsv"),
                pairs.stream()
                        .map(pair -> String.join(
                                "\t",
                                pair.probe.name(),
                                pair.direct.toString(),
                                pair.front.toString(),
                                isAlike(pair) ? "" : "differs"))
                        .toList());
        return pairs;
    }

    private List<Pair> run(List<Probe> probes, int atOnce) throws Exception {
        Semaphore room = new Semaphore(atOnce);
        List<Pair> pairs = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Pair>> running = new ArrayList<>();
            for (Probe probe : probes) {
                running.add(threads.submit(() -> {
                    room.acquire();
                    try {
                        return pair(probe, threads);
                    } finally {
                        room.release();
                    }
                }));
            }
            for (Future<Pair> pair : running) {
                pairs.add(pair.get());
            }
        }
        return pairs;
    }

    private Pair pair(Probe probe, ExecutorService threads) throws Exception {
        Callable<Sight> atFront = () -> Prober.run(probe, front);
        Future<Sight> there = threads.submit(atFront);
        return new Pair(probe, Prober.run(probe, direct), there.get());
    }
}
