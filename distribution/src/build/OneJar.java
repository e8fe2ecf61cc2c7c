import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program's jars as one: opening twenty takes 20 ms of each start. What a jar says of itself, its licence and notices, is
 * kept in a folder of its name. Of Bouncy Castle only what is used is kept. Class files of Java 5, which are picocli's, are converted to Java 8's version: the older
 * cannot be kept in an AOT cache, and would be read and verified anew at each start.
 */
final class OneJar {
    /** What a jar has for certain versions of Java is of use where the runtime, which comes along, is of that version. */
    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(\\d+)/(.+)");

    private static final Pattern CLASS_PATH =
            Pattern.compile("META-INF/(services/.+|io\\.netty\\.versions\\.properties)");
    private static final Pattern LEFT_OUT = Pattern.compile(
            ".*/|META-INF/(MANIFEST\\.MF|INDEX\\.LIST|.+\\.SF|.+\\.RSA)|META-INF/(maven|native|native-image)/.*"
                + "|META-INF/(services/java\\.security\\.Provider|versions/\\d+/OSGI-INF/.*)|(.*/)?module-info\\.class");

    /** A library of which ten classes in thousands are used: what no class of ours leads to is left out. */
    private static final String IN_PART = "org/bouncycastle/";

    private static final String OURS = "dev/portshare/";
    private static final Pattern NAMED = Pattern.compile(IN_PART + "[^;<\\[]+");

    private static final ClassTransform JAVA_8 = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen((builder, element) -> {
                if (element instanceof ClassFileVersion) {
                    builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                } else {
                    builder.with(element);
                }
            });

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final ClassFile classFiles;

    private OneJar(List<Path> jars) {
        ClassLoader loader = new URLClassLoader(jars.stream().map(OneJar::url).toArray(URL[]::new));
        classFiles = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)));
    }

    /** Writes all of {@code jars} into {@code one}, which starts {@code mainClass}; every entry is of {@code time}. */
    static void write(List<Path> jars, Path one, String mainClass, Instant time) throws IOException {
        OneJar all = new OneJar(jars);
        for (Path jar : jars) {
            all.add(jar);
        }
        Set<String> reached = all.reached();
        all.entries.keySet().removeIf(name -> name.startsWith(IN_PART) && !reached.contains(name));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(one))) {
            out.putNextEntry(entry(JarFile.MANIFEST_NAME, time));
            manifest.write(out);
            for (Map.Entry<String, byte[]> entry : all.entries.entrySet()) {
                out.putNextEntry(entry(entry.getKey(), time));
                out.write(entry.getValue());
            }
        }
    }

    private static JarEntry entry(String name, Instant time) {
        JarEntry entry = new JarEntry(name);
        entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
        return entry;
    }

    private void add(Path path) throws IOException {
        String name = path.getFileName().toString().replaceFirst("\\.jar$", "");
        Map<String, byte[]> versioned = new TreeMap<>();
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                if (!LEFT_OUT.matcher(entry.getName()).matches()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        Matcher version = VERSIONED.matcher(entry.getName());
                        if (version.matches()) {
                            versioned.put(version.group(2), modern(version.group(2), in.readAllBytes()));
                        } else {
                            add(name, entry.getName(), in.readAllBytes());
                        }
                    }
                }
            }
        }
        entries.putAll(versioned);
    }

    private void add(String jar, String name, byte[] bytes) {
        boolean isNotice =
                name.startsWith("META-INF/") && !CLASS_PATH.matcher(name).matches();
        String place = isNotice ? "META-INF/" + jar + name.substring("META-INF".length()) : name;
        byte[] former = entries.put(place, modern(name, bytes));
        if (former != null && CLASS_PATH.matcher(name).matches()) {
            entries.put(place, (new String(former) + "\n" + new String(bytes)).getBytes());
        }
    }

    /** Our classes, and of {@link #IN_PART} those that these name, and so on. */
    private Set<String> reached() {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>();
        entries.keySet().stream().filter(name -> name.startsWith(OURS)).forEach(next::add);
        while (!next.isEmpty()) {
            String name = next.pop();
            if (name.endsWith(".class") && entries.containsKey(name) && reached.add(name)) {
                for (PoolEntry entry : classFiles.parse(entries.get(name)).constantPool()) {
                    if (entry instanceof Utf8Entry text) {
                        NAMED.matcher(text.stringValue())
                                .results()
                                .forEach(named -> next.add(named.group() + ".class"));
                    }
                }
            }
        }
        return reached;
    }

    private byte[] modern(String name, byte[] bytes) {
        if (!name.endsWith(".class")) {
            return bytes;
        }
        ClassModel model = classFiles.parse(bytes);
        return model.majorVersion() < ClassFile.JAVA_6_VERSION ? classFiles.transformClass(model, JAVA_8) : bytes;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
