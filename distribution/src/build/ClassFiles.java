import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Brings a jar's class files up to Java 8's version. Those of picocli are of Java 5's, without the tables by which Java verifies
 * classes today, and such cannot be kept in an AOT cache: at each start they would be read and verified anew.
 */
final class ClassFiles {
    private static final ClassTransform JAVA_8 = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen((builder, element) -> {
                if (element instanceof ClassFileVersion) {
                    builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                } else {
                    builder.with(element);
                }
            });

    private ClassFiles() {}

    /** Rewrites those of {@code jar}'s class files that are older than Java 6's. */
    static void modernise(Path jar) throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                FileSystem files = FileSystems.newFileSystem(jar);
                Stream<Path> paths = Files.walk(files.getPath("/"))) {
            ClassFile context = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)));
            for (Path path :
                    paths.filter(each -> each.toString().endsWith(".class")).toList()) {
                ClassModel model = context.parse(Files.readAllBytes(path));
                if (model.majorVersion() < ClassFile.JAVA_6_VERSION) {
                    Files.write(path, context.transformClass(model, JAVA_8));
                }
            }
        }
    }
}
