package dev.portshare.detect;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** All the detectors in their order, on one TLS hello. */
@State(Scope.Thread)
public class HelloBenchmark {
    @Param({"tls-chromium-1.bin", "tls-firefox-1.bin"})
    private String hello;

    private final Classifier classifier = new Classifier(Detectors.BUILTIN);
    private Heads heads;

    @Setup
    public void find() {
        heads = Heads.ofFile(hello);
    }

    @Benchmark
    public Detection classify() {
        return classifier.classify(heads.next());
    }
}
