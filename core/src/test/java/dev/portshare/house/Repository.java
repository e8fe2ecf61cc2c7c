package dev.portshare.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The source tree that the tests run in. */
final class Repository {
    private static final Set<String> NOT_SOURCE = Set.of("target", ".git", ".idea", "node_modules");

    /** The top folder: Maven runs the tests of a module in the module's folder. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Repository() {}

    /** Every file of the source tree whose name ends in {@code ending}. */
    static List<Path> files(String ending) {
        try (Stream<Path> paths = Files.walk(ROOT)) {
            return paths.filter(path -> path.toString().endsWith(ending))
                    .filter(path -> Stream.of(ROOT.relativize(path).toString().split("/"))
                            .noneMatch(NOT_SOURCE::contains))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
