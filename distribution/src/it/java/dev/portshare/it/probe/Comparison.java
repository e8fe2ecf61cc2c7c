package dev.portshare.it.probe;

import dev.portshare.it.harness.Repository;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Where the front waits for nothing. */
    public Comparison(int direct, int front) {
        this(direct, front, Duration.ZERO);
    }

    /** What one probe saw at both. */
    public record Pair(Probe probe, Sight direct, Sight front) {
        Optional<String> difference(Duration grace) {
            Duration later = probe.waits() ? TOLERANCE.plus(grace) : TOLERANCE;
            return front.differs(direct, TOLERANCE, later)
                    .map(what -> probe + ": " + what + "\n  direct: " + direct + "\n  front:  " + front);
        }
    }

    /** What tells the two apart, probe by probe. What was seen first is written to {@code target/probes-NAME.tsv}. */
    public List<String> of(String name, List<Probe> probes) throws Exception {
        List<Pair> pairs = run(probes, AT_ONCE);
        Files.write(
                Repository.MODULE.resolve("target/probes-" + name + ".tsv"),
                pairs.stream()
                        .map(pair -> String.join(
                                "\t",
                                pair.probe.name(),
                                pair.direct.toString(),
                                pair.front.toString(),
                                pair.difference(grace).map(_ -> "again").orElse("")))
                        .toList());
        List<Probe> again = pairs.stream()
                .filter(pair -> pair.difference(grace).isPresent())
                .map(Pair::probe)
                .toList();
        return run(again, 4).stream()
                .flatMap(pair -> pair.difference(grace).stream())
                .toList();
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
