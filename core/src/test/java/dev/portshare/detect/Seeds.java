package dev.portshare.detect;

import java.util.stream.Stream;

/**
 * What the fuzz targets begin with: the corpus itself, so that no file of it is kept twice. Seeds are made before Jazzer has
 * its agent in the JVM, so neither they nor the fields of a target may touch the classes under test: what is loaded by then
 * is not instrumented.
 */
public final class Seeds {
    private Seeds() {}

    public static Stream<byte[]> all() {
        return Corpus.all().stream().map(Corpus.Entry::bytes);
    }

    /** Those of which the manifest says {@code protocol}, be they whole, cut off, malformed or near misses. */
    public static Stream<byte[]> of(String protocol) {
        return Corpus.all().stream()
                .filter(entry -> entry.protocol().startsWith(protocol))
                .map(Corpus.Entry::bytes);
    }
}
