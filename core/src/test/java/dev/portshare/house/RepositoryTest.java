package dev.portshare.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The repository stands alone: whoever has it has all of it. */
class RepositoryTest {
    private static final Pattern RELATIVE_LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void noFileRefersToAFolderOutside() {
        List<String> outside = new ArrayList<>();
        for (String ending :
                List.of(".java", ".md", ".xml", ".sh", ".yaml", ".yml", ".json", "README", "/run", "/portshare")) {
            for (Path file : Repository.files(ending)) {
                // Spelt in two parts, so as not to find itself.
                if (Repository.read(file).contains("../" + "shared")
                        || Repository.read(file).contains("/work" + "/")) {
                    outside.add(Repository.ROOT.relativize(file).toString());
                }
            }
        }
        assertThat(outside).isEmpty();
    }

    @Test
    void everyLinkInTheDocumentationLeadsToAFile() {
        List<String> dead = new ArrayList<>();
        for (Path page : Repository.files(".md")) {
            RELATIVE_LINK
                    .matcher(Repository.read(page))
                    .results()
                    .map(link -> link.group(1))
                    .filter(target -> !page.resolveSibling(target).toFile().exists())
                    .forEach(target -> dead.add(Repository.ROOT.relativize(page) + " -> " + target));
        }
        assertThat(dead).isEmpty();
    }

    /** And the index names them in the order in which they are asked. */
    @Test
    void everyDetectorHasItsPage() throws IOException {
        List<String> names = Detectors.BUILTIN.stream().map(NamedDetector::name).toList();
        Path pages = Repository.ROOT.resolve("docs/detectors");
        assertThat(pages.toFile().list())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(names.stream(), Stream.of("README", "silent", "own", "openvpn-xor"))
                                .map(name -> name + ".md")
                                .toList());
        assertThat(Pattern.compile("(?m)^\\| \\[(\\w+)]\\(\\1\\.md\\)")
                        .matcher(Files.readString(pages.resolve("README.md")))
                        .results()
                        .map(row -> row.group(1)))
                .containsExactlyElementsOf(names);
    }
}
