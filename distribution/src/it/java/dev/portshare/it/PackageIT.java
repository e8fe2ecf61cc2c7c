package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.DebianPackage;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The .deb keeps Debian's rules, and what is in it works. */
@Needs("dpkg-deb")
class PackageIT {
    @TempDir
    private Path root;

    private DebianPackage deb;

    @BeforeEach
    void find() throws IOException {
        deb = DebianPackage.built();
    }

    @Test
    @Needs("lintian")
    void lintianFindsNothingWrong() {
        Command.Result result = Command.of(
                        "lintian",
                        "--fail-on=error,warning",
                        "--tag-display-limit=0",
                        deb.file().toString())
                .within(Duration.ofMinutes(4)) // It looks into every class file, while other tests run.
                .run()
                .ok();
        assertThat(result.out()).doesNotContain("E: ", "W: ");
    }

    /** The AOT cache fits the jar by its time: with "on", Java does not start without. */
    @Test
    void theProgramRunsWhereItIsInstalledWithItsCache() {
        deb.unpack(root);
        Command.Result result = Command.of(root.resolve("usr/bin/portshare").toString(), "--version")
                .with("PORTSHARE_JAVA_OPTS", "-XX:AOTMode=on")
                .run()
                .ok();
        assertThat(result.out()).startsWith("portshare ");
    }

    @Test
    @Needs("dpkg-shlibdeps")
    void dependsOnTheLibrariesThatItsNativeCodeNeeds() throws IOException {
        // dpkg-shlibdeps finds a package's own libraries by this folder.
        Path tree = root.resolve("debian/portshare");
        Files.createDirectories(tree.resolve("DEBIAN"));
        deb.unpack(tree);
        Files.writeString(
                root.resolve("debian/control"), "Source: portshare\n\nPackage: portshare\nArchitecture: any\n");
        List<String> command = new ArrayList<>(List.of("env", "--chdir=" + root, "dpkg-shlibdeps", "-O"));
        for (String folder : List.of("runtime/lib", "runtime/lib/server", "lib")) {
            command.add("-l" + tree.resolve("usr/lib/portshare").resolve(folder));
        }
        try (Stream<Path> files = Files.walk(tree.resolve("usr/lib/portshare"))) {
            files.map(Path::toString)
                    .filter(path -> path.endsWith(".so") || path.endsWith("/bin/java"))
                    .forEach(command::add);
        }
        String needs = Command.of(command).run().ok().out().strip();
        assertThat(List.of(deb.field("Depends").split(", ")))
                .containsAll(List.of(needs.replace("shlibs:Depends=", "").split(", ")));
    }

    @Test
    void theChangelogBeginsWithThisVersion() {
        deb.unpack(root);
        String changelog = Command.of("gzip", "-dc", root.resolve("usr/share/doc/portshare/changelog.Debian.gz") + "")
                .run()
                .ok()
                .out();
        assertThat(changelog).startsWith("portshare (" + deb.field("Version") + ") ");
    }

    /** An upgrade asks before it replaces what was changed. */
    @Test
    void whatIsInEtcIsTheAdministrators() throws IOException {
        Command.of("dpkg-deb", "--control", deb.file().toString(), root.resolve("DEBIAN") + "")
                .run()
                .ok();
        deb.unpack(root);
        try (Stream<Path> files = Files.walk(root.resolve("etc"))) {
            assertThat(Files.readAllLines(root.resolve("DEBIAN/conffiles")))
                    .containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile)
                            .map(file -> "/" + root.relativize(file))
                            .toList());
        }
    }

    @Test
    void whatTransparentRoutesTakeIsThereToBePutInPlace() {
        deb.unpack(root);
        for (String name : List.of("transparent.conf", "transparent.nft", "portshare.nft")) {
            assertThat(root.resolve("usr/share/portshare").resolve(name)).isRegularFile();
        }
    }

    /** As installed, and with the # taken away in front of every example. */
    @Test
    void theRouteFileIsRightAndSoAreItsExamples() throws IOException {
        deb.unpack(root);
        Path file = root.resolve("etc/portshare/portshare.yaml");
        assertThat(Portshare.run("check", file.toString()).ok().out()).contains("2 route(s)");

        Path examples = root.resolve("examples.yaml");
        Files.writeString(
                examples,
                Files.readString(file)
                        .replaceAll("(?m)^# (- | +\\w+: |timeouts:|log:)", "  $1")
                        .replace("  timeouts:", "timeouts:")
                        .replace("  log:", "log:"));
        assertThat(Portshare.run("check", examples.toString()).ok().out()).contains("6 route(s)");
    }
}
