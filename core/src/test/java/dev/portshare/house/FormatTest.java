package dev.portshare.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Keeps every Java file as palantir-java-format writes it. A test rather than a Maven plugin, since the formatter reads Java
 * with the compiler of the JVM it runs in, and Maven may run on a Java that does not know the language of this project.
 */
class FormatTest {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    @Test
    @Timeout(300) // Nine hundred files; half a minute where nothing else runs.
    void everyJavaFileIsFormatted() throws IOException, FormatterException {
        boolean apply = Boolean.getBoolean("format.apply");
        List<Path> unformatted = new ArrayList<>();
        for (Path file : Repository.files(".java")) {
            String source = Repository.read(file);
            String formatted = FORMATTER.formatSourceAndFixImports(source);
            if (!formatted.equals(source)) {
                if (apply) {
                    Files.writeString(file, formatted);
                } else {
                    unformatted.add(Repository.ROOT.relativize(file));
                }
            }
        }
        assertThat(unformatted)
                .as("files to format: mvn -pl core test -Dtest=FormatTest -Dformat.apply=true")
                .isEmpty();
    }
}
