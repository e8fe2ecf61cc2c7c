package dev.portshare.it.harness;

import java.nio.file.Path;

/** Where things are. */
public final class Repository {
    /** The folder of the distribution module. */
    public static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    /** The recorded heads of connections, and what each is: {@code manifest.tsv}. */
    public static final Path CORPUS = MODULE.resolveSibling("core/src/test/resources/corpus");

    private Repository() {}
}
