import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lays out what the packages install, from the image, as the folder {@code root} in {@code target/package}. Makes the .rpm of
 * it, where rpmbuild is there, and {@code root.tar}, for the .deb. Times are kept, as the AOT cache requires.
 */
final class Packages {
    /** What of the image goes where; the folder that portshare runs from holds what it needs to run, and no more. */
    private static final Map<String, String> PLACES = Map.ofEntries(
            Map.entry("bin", "usr/lib/portshare/bin"),
            Map.entry("lib", "usr/lib/portshare/lib"),
            Map.entry("runtime", "usr/lib/portshare/runtime"),
            Map.entry("etc", "etc"),
            Map.entry("docs", "usr/share/doc/portshare/docs"),
            Map.entry("README.md", "usr/share/doc/portshare/README.md"),
            Map.entry("NOTICE", "usr/share/doc/portshare/NOTICE"),
            Map.entry("share/portshare", "usr/share/portshare"),
            Map.entry("fail2ban", "etc/fail2ban"),
            Map.entry("systemd", "usr/lib/systemd/system"),
            Map.entry("share/man", "usr/share/man"),
            Map.entry("share/bash-completion", "usr/share/bash-completion"),
            Map.entry("share/zsh/site-functions", "usr/share/zsh/vendor-completions"), // Debian's name
            Map.entry("share/fish", "usr/share/fish"));

    private final Path root;
    private final Path home;
    private final Instant time;

    private Packages(Path root, Path home, Instant time) {
        this.root = root;
        this.home = home;
        this.time = time;
    }

    /** @param args the folder of the build, the version, which package of this version it is, and the time of the sources */
    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[0]);
        Path folder = target.resolve("package");
        Image.remove(folder);
        Files.createDirectories(folder);
        Packages packages = new Packages(folder.resolve("root"), target.resolve("portshare"), Instant.parse(args[3]));
        packages.copyFiles();
        packages.compress();
        Image.date(packages.root, packages.time);
        packages.pack(folder.resolve("root.tar"));
        if (Image.has("rpmbuild")) {
            packages.build(args[1].replace('-', '~'), args[2], target);
        } else {
            System.err.println("WARNING: no .rpm: no program \"rpmbuild\" here (Debian: rpm)");
        }
    }

    private void copyFiles() throws IOException {
        Image.copy(Path.of("src/package/root"), root);
        for (Map.Entry<String, String> place : PLACES.entrySet()) {
            Path to = root.resolve(place.getValue());
            Files.createDirectories(to.getParent());
            Image.copy(home.resolve(place.getKey()), to);
        }
        Path program = root.resolve("usr/bin/portshare");
        Files.createDirectories(program.getParent());
        Files.createSymbolicLink(program, Path.of("../lib/portshare/bin/portshare"));
    }

    /** Man pages and changelogs are compressed, as well as can be (Debian Policy, 12.1 and 12.7). */
    private void compress() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gzip", "-9", "--no-name"));
        try (Stream<Path> paths = Files.walk(root.resolve("usr/share"))) {
            paths.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(path -> path.matches(".*/man/man\\d/.*|.*/changelog[^/]*"))
                    .forEach(command::add);
        }
        Image.run(command);
    }

    private void pack(Path tar) throws IOException, InterruptedException {
        Image.run(List.of(
                "tar",
                "--create",
                "--file=" + tar,
                "--directory=" + root,
                "--sort=name",
                "--owner=root:0",
                "--group=root:0",
                "--mode=u+rwX,go+rX,go-w",
                "."));
    }

    private void build(String version, String revision, Path target) throws IOException, InterruptedException {
        // The time and the machine of the build are not the package's: it says the sources' time, which the spec reads
        // too.
        List<String> command = new ArrayList<>(
                List.of("env", "SOURCE_DATE_EPOCH=" + time.getEpochSecond(), "rpmbuild", "-bb", "--quiet"));
        Map<String, Object> macros = Map.of(
                "_topdir", root.resolveSibling("rpm").toAbsolutePath(),
                "_rpmdir", target.toAbsolutePath(),
                "_rpmfilename", "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm",
                "root", root.toAbsolutePath(),
                "license_file", home.resolve("LICENSE").toAbsolutePath(),
                "package_version", version,
                "package_revision", revision);
        macros.forEach((name, value) -> command.addAll(List.of("--define", name + " " + value)));
        command.add("src/package/portshare.spec");
        Image.run(command);
        Image.remove(root.resolveSibling("rpm"));
    }
}
