package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The .deb that the build has made. */
public record DebianPackage(Path file) {
    public static DebianPackage built() throws IOException {
        try (Stream<Path> files = Files.list(Repository.MODULE.resolve("target"))) {
            return new DebianPackage(
                    files.filter(path -> path.getFileName().toString().matches("portshare_.*\\.deb"))
                            .findFirst()
                            .orElseThrow());
        }
    }

    /** A field of its control file, such as {@code Version}. */
    public String field(String name) {
        return Command.of("dpkg-deb", "--field", file.toString(), name)
                .run()
                .ok()
                .out()
                .strip();
    }

    /** Unpacks its files into {@code root}, as an installation would. */
    public void unpack(Path root) {
        Command.of("dpkg-deb", "--extract", file.toString(), root.toString())
                .run()
                .ok();
    }

    /** The same package with another version, at {@code copy}. */
    public DebianPackage withVersion(String version, Path folder) {
        Path root = folder.resolve("root-" + version);
        Path copy = folder.resolve("portshare_" + version + ".deb");
        Command.of("dpkg-deb", "--raw-extract", file.toString(), root.toString())
                .run()
                .ok();
        Command.of("sed", "-i", "s/^Version: .*/Version: " + version + "/", root.resolve("DEBIAN/control") + "")
                .run()
                .ok();
        Command.of("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", root.toString(), copy.toString())
                .run()
                .ok();
        return new DebianPackage(copy);
    }
}
