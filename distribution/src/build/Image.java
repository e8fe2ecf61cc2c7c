import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds what users unpack: a folder with the launcher, the jar, a Java runtime and an AOT cache, and a tar.gz of it. What
 * {@link Share} has written is part of it.
 * distribution/pom.xml runs it from its source, on the JDK that the runtime is then made from.
 */
final class Image {
    /** What of the JDK the program needs; jlink adds what these need in turn. */
    static final List<String> MODULES = List.of(
            "java.base", "jdk.unsupported"); // sun.misc.Signal for TERM, INT and HUP, and sun.misc.Unsafe for Netty

    /** What Netty calls this machine's architecture. */
    private static final String MACHINE = switch (System.getProperty("os.arch")) {
        case "amd64" -> "x86_64";
        case "aarch64" -> "aarch_64";
        default -> throw new IllegalStateException("portshare has no native code for " + System.getProperty("os.arch"));
    };

    /** How a jar is called whose native code is this machine's. */
    private static final String NATIVE = "-linux-" + MACHINE + ".jar";

    /** What a file of native code begins with. */
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private final Path repository = Path.of("..");
    private final Path target;
    private final Path home;
    private final String version;
    private final Instant time;

    private Image(Path target, String version, Instant time) {
        this.target = target;
        this.home = target.resolve("portshare");
        this.version = version;
        this.time = time;
    }

    /**
     * @param args the target folder, the version, the time of the sources, "none" for an image without AOT cache, and the class
     *     path of the program
     */
    public static void main(String[] args) throws Exception {
        Image image = new Image(Path.of(args[0]), args[1], Instant.parse(args[2]));
        remove(image.home);
        Files.createDirectories(image.home.resolve("lib"));
        image.copyFiles();
        image.writeJar(args[4]);
        image.linkRuntime();
        image.strip();
        date(image.home, image.time); // before the training: the cache fits the jar by its time
        if (!args[3].equals("none")) {
            image.trainCache();
            date(image.home, image.time);
        }
        image.pack();
    }

    /** Removes {@code folder} with all in it, where there is one. */
    static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            for (Path path : allOf(folder).reversed()) {
                Files.delete(path);
            }
        }
    }

    private void copyFiles() throws IOException {
        copy(Path.of("src/image"), home);
        copy(target.resolve("share"), home.resolve("share"));
        for (String name : List.of("README.md", "LICENSE", "NOTICE", "docs")) {
            copy(repository.resolve(name), home.resolve(name));
        }
    }

    /**
     * The jars as one, and the native libraries out of them: so nothing is unpacked at each start, which is slow, and
     * impossible where /tmp forbids execution.
     */
    private void writeJar(String classPath) throws IOException {
        Path lib = home.resolve("lib");
        List<Path> jars = Stream.of(classPath.split(":"))
                .filter(entry -> entry.endsWith(".jar") && !isOfAnotherMachine(entry))
                .map(Path::of)
                .toList();
        OneJar.write(jars, lib.resolve("portshare.jar"), "dev.portshare.cli.Main", time);
        for (Path jar : jars) {
            if (jar.toString().endsWith(NATIVE)) {
                try (FileSystem files = FileSystems.newFileSystem(jar)) {
                    copy(files.getPath("META-INF/native"), lib);
                }
            }
        }
    }

    /** Whether {@code jar} has nothing but native code for another kind of machine: what Maven has for all is not in each image. */
    static boolean isOfAnotherMachine(String jar) {
        return jar.matches(".*-linux-[^-]+\\.jar") && !jar.endsWith(NATIVE);
    }

    /** Copies a file or a folder, with times and modes; links stay links. */
    static void copy(Path from, Path to) throws IOException {
        for (Path path : allOf(from)) {
            Path copy = to.resolve(from.relativize(path).toString());
            if (!Files.isDirectory(copy)) {
                Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** {@code folder} and all in it, a folder before what it holds. */
    private static List<Path> allOf(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.toList();
        }
    }

    /** By a process of its own: within this one, jlink's order of classes depends on what javac has read before it. */
    private void linkRuntime() throws IOException, InterruptedException {
        run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--add-modules=" + String.join(",", MODULES),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--compress=zip-6",
                "--output=" + home.resolve("runtime")));
        leaveOutComments(home.resolve("runtime/conf/security/java.security"));
    }

    /** Java reads this file at each start, whose text is comments nearly all. */
    private static void leaveOutComments(Path properties) throws IOException {
        try (Stream<String> lines = Files.lines(properties)) {
            List<String> settings = lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            Files.write(properties, settings);
        }
    }

    /** Drops the symbols of native code that only a debugger reads, a fifth of the image, where binutils are there for it. */
    private void strip() throws IOException, InterruptedException {
        if (!has("strip")) {
            System.err.println("WARNING: native code keeps its symbols: no program \"strip\" here (Debian: binutils)");
            return;
        }
        List<String> command = new ArrayList<>(List.of("strip", "--strip-unneeded", "--preserve-dates"));
        for (Path path : allOf(home)) {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && isElf(path)) {
                command.add(path.toString());
            }
        }
        run(command);
    }

    static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static boolean isElf(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(ELF.length), ELF);
        }
    }

    /**
     * Lets the program serve clients of every kind, and stops it: at its end the JVM writes down the classes that were loaded
     * and linked, and which methods ran how often.
     */
    private void trainCache() throws IOException, InterruptedException {
        Path log = target.resolve("aot.log");
        int exit;
        try (PrintStream lines = new PrintStream(log.toFile(), StandardCharsets.UTF_8);
                Training training = new Training()) {
            Path routes = target.resolve("training.yaml");
            Files.writeString(routes, training.routes());
            ProcessBuilder builder = new ProcessBuilder(
                            home.resolve("bin/portshare").toAbsolutePath().toString(),
                            "run",
                            "--config",
                            routes.toAbsolutePath().toString())
                    .directory(home.resolve("lib").toFile())
                    .redirectErrorStream(true);
            builder.environment().put("PORTSHARE_JAVA_OPTS", "-XX:AOTCacheOutput=portshare.aot");
            Process portshare = builder.start();
            try (BufferedReader output = portshare.inputReader()) {
                for (String line; (line = output.readLine()) != null; lines.println(line)) {
                    if (line.contains(" listening on ")) {
                        int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
                        Thread.ofPlatform().start(() -> {
                            try {
                                training.run(port);
                            } catch (IOException e) {
                                System.err.println("WARNING: training failed: " + e);
                            }
                            portshare.toHandle().destroy(); // TERM; Process.destroy() would close its output as well
                        });
                    }
                }
            }
            exit = portshare.waitFor();
        }
        if (exit != 0 || !Files.exists(home.resolve("lib/portshare.aot"))) {
            throw new IllegalStateException("the program or the making of its AOT cache failed, see " + log);
        }
    }

    /**
     * Gives {@code folder} and all in it one time, and modes that no umask has a part in: so each build of the same sources
     * makes the same packages.
     */
    static void date(Path folder, Instant time) throws IOException, InterruptedException {
        run(List.of("chmod", "--recursive", "u+rwX,go+rX,go-w", folder.toString()));
        run(List.of("find", folder.toString(), "-exec", "touch", "--no-dereference", "--date=" + time, "{}", "+"));
    }

    /** Packs the folder. Times are kept: Java takes the cache for stale if a jar's time differs. */
    private void pack() throws IOException, InterruptedException {
        String machine = MACHINE.replace("aarch_64", "aarch64"); // as uname says
        String name = "portshare-" + version;
        run(List.of(
                "tar",
                "--create",
                "--use-compress-program=gzip --no-name",
                "--file=" + target.resolve(name + "-linux-" + machine + ".tar.gz"),
                "--directory=" + target,
                "--transform=flags=r;s,^portshare," + name + ",",
                "--sort=name",
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--mode=u+rwX,go+rX,go-w",
                "portshare"));
    }

    /** Runs a program of the machine, whose success the build depends on. */
    static void run(List<String> command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException(command.getFirst() + " failed: " + exit);
        }
    }
}
