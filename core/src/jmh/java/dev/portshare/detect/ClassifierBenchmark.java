package dev.portshare.detect;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** All the detectors in their order, on the recorded heads of one kind. */
@State(Scope.Thread)
public class ClassifierBenchmark {
    /** All those of the corpus, where {@code Benchmarks} runs it. */
    @Param("tls")
    private String kind;

    private final Classifier classifier = new Classifier(Detectors.BUILTIN);
    private Heads heads;

    @Setup
    public void find() {
        heads = Heads.ofKind(kind);
    }

    @Benchmark
    public Detection classify() {
        return classifier.classify(heads.next());
    }
}
