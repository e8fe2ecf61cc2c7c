package dev.portshare.detect;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One detector alone, on the recorded heads of its own protocol. */
@State(Scope.Thread)
public class DetectorBenchmark {
    /** All those of {@link Detectors#BUILTIN}, where {@code Benchmarks} runs it. */
    @Param(Detectors.TLS)
    private String detector;

    private Detector asked;
    private Heads heads;

    @Setup
    public void find() {
        asked = Detectors.BUILTIN.stream()
                .filter(row -> row.name().equals(detector))
                .findFirst()
                .orElseThrow()
                .detector();
        heads = Heads.matchedBy(asked);
    }

    @Benchmark
    public Detection detect() {
        return asked.detect(heads.next());
    }
}
