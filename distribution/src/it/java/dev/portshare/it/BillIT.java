package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Bill;
import dev.portshare.it.harness.Bill.Part;
import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.DebianPackage;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Repository;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials says what is in the image: nothing less, nothing more, and of which bytes. */
class BillIT {
    private Bill bill;

    @BeforeEach
    void read() throws IOException {
        bill = Bill.ofImage();
    }

    /** A jar is in the image if a class of it is in the program's, or its native code lies beside that. */
    @Test
    void listsTheJarsThatAreInTheImageByNameVersionAndChecksum() throws Exception {
        Set<String> shipped = shipped();
        Set<String> listed = new HashSet<>();
        for (Part jar : bill.jars()) {
            listed.add(jar.file() + " " + jar.sha256());
        }
        Set<String> there = new HashSet<>();
        Set<String> covered = new HashSet<>();
        for (Path jar : classPath()) {
            Set<String> brings = contributions(jar);
            brings.retainAll(shipped);
            if (!brings.isEmpty()) {
                there.add(jar.getFileName() + " " + sha256(jar));
                covered.addAll(brings);
            }
        }
        assertThat(listed).isEqualTo(there);
        assertThat(covered).as("all code of the image is some jar's").isEqualTo(shipped);
    }

    /** With a Maven that compares no checksums too. */
    @Test
    void whatIsNotOursHasTheChecksumThatStandsInTheTree() throws IOException {
        Set<String> trusted =
                new HashSet<>(Files.readAllLines(Repository.MODULE.resolveSibling(".mvn/checksums/checksums.sha256")));
        assertThat(bill.jars())
                .filteredOn(jar -> !jar.group().equals("dev.portshare"))
                .hasSizeGreaterThan(10)
                .allSatisfy(jar -> assertThat(trusted).contains(jar.sha256() + "  " + jar.path()));
    }

    @Test
    void namesTheJavaRuntimeAndItsModules() {
        Part runtime = bill.parts().stream()
                .filter(part -> part.type().equals("platform"))
                .findFirst()
                .orElseThrow();
        String java = Portshare.HOME.resolve("runtime/bin/java").toString();
        Command.Result settings =
                Command.of(java, "-XshowSettings:properties", "-version").run().ok();
        assertThat(settings.err().lines().map(String::strip)).contains("java.runtime.version = " + runtime.version());
        assertThat(runtime.description())
                .endsWith(" of the modules "
                        + Command.of(java, "--list-modules")
                                .run()
                                .ok()
                                .out()
                                .lines()
                                .map(module -> module.replaceFirst("@.*", ""))
                                .collect(Collectors.joining(", ")));
    }

    @Test
    void whatDependsOnWhatIsAllListed() {
        List<String> references =
                new ArrayList<>(bill.parts().stream().map(Part::reference).toList());
        assertThat(references).doesNotHaveDuplicates();
        assertThat(bill.dependencies())
                .filteredOn(reference -> !reference.contains("/portshare-distribution@"))
                .isSubsetOf(references)
                .containsAll(references);
    }

    @Test
    @Needs("dpkg-deb")
    void theDebHasIt(@TempDir Path root) throws IOException {
        DebianPackage.built().unpack(root);
        assertThat(root.resolve("usr/share/portshare/portshare.cdx.json")).hasSameBinaryContentAs(Bill.FILE);
    }

    @Test
    @Needs("rpmbuild")
    void theRpmHasIt() throws Exception {
        try (Stream<Path> files = Files.list(Repository.MODULE.resolve("target"))) {
            String rpm = files.map(Path::toString)
                    .filter(name -> name.matches(".*/portshare-[^/]*\\.rpm"))
                    .findFirst()
                    .orElseThrow();
            String digests = Command.of(
                            "rpm", "--query", "--queryformat", "[%{FILENAMES} %{FILEDIGESTS}\\n]", "--package", rpm)
                    .run()
                    .ok()
                    .out();
            assertThat(digests.lines()).contains("/usr/share/portshare/portshare.cdx.json " + sha256(Bill.FILE));
        }
    }

    @Test
    @Needs("tar")
    void theArchiveHasIt() throws IOException {
        try (Stream<Path> files = Files.list(Repository.MODULE.resolve("target"))) {
            String archive = files.map(Path::toString)
                    .filter(name -> name.endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
            Command.Result bill = Command.of(
                            "tar",
                            "--extract",
                            "--to-stdout",
                            "--wildcards",
                            "--file=" + archive,
                            "*/share/portshare/portshare.cdx.json")
                    .run()
                    .ok();
            assertThat(bill.out()).isEqualTo(Files.readString(Bill.FILE));
        }
    }

    /** The classes of the program, and the native code beside it. */
    private static Set<String> shipped() throws IOException {
        Set<String> shipped = new HashSet<>();
        try (JarFile jar =
                        new JarFile(Portshare.HOME.resolve("lib/portshare.jar").toFile());
                Stream<Path> lib = Files.list(Portshare.HOME.resolve("lib"))) {
            jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .forEach(shipped::add);
            lib.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".so"))
                    .forEach(shipped::add);
        }
        return shipped;
    }

    /** What of {@code jar} would be found there under the same name. */
    private static Set<String> contributions(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName().replaceFirst("^META-INF/(versions/\\d+|native)/", ""))
                    .filter(name -> name.endsWith(".class") || name.endsWith(".so"))
                    .filter(name -> !name.endsWith("module-info.class"))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }

    /** All jars that this test can see: those of the program, and those of the tests. */
    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
