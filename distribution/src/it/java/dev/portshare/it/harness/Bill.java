package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The image's bill of materials, in CycloneDX's JSON. */
public record Bill(Map<String, Object> content) {
    /** Where it is, in the image. */
    public static final Path FILE = Portshare.HOME.resolve("share/portshare/portshare.cdx.json");

    /** A part of the image. What it does not have is empty. */
    public record Part(
            String type,
            String group,
            String name,
            String version,
            String description,
            String classifier,
            String sha256,
            String reference) {
        /** What Maven calls the file of a jar, and where it has it, below its repository. */
        public String path() {
            String suffix = classifier.isEmpty() ? "" : "-" + classifier;
            return "%s/%s/%s/%2$s-%3$s%s.jar".formatted(group.replace('.', '/'), name, version, suffix);
        }

        public String file() {
            return Path.of(path()).getFileName().toString();
        }
    }

    @SuppressWarnings("unchecked")
    public static Bill ofImage() throws IOException {
        // JSON is YAML 1.2.
        Load load = new Load(LoadSettings.builder().build());
        return new Bill((Map<String, Object>) load.loadFromString(Files.readString(FILE)));
    }

    public List<Part> parts() {
        return list(content, "components").stream().map(Bill::part).toList();
    }

    /** Those that Maven knows. */
    public List<Part> jars() {
        return parts().stream().filter(part -> part.type().equals("library")).toList();
    }

    /** What the parts are said to need, themselves included. */
    public List<String> dependencies() {
        return list(content, "dependencies").stream()
                .flatMap(dependency -> Stream.concat(
                        Stream.of(dependency.get("ref").toString()),
                        ((List<?>) dependency.get("dependsOn")).stream().map(Object::toString)))
                .toList();
    }

    private static Part part(Map<String, Object> component) {
        return new Part(
                component.get("type").toString(),
                component.getOrDefault("group", "").toString(),
                component.get("name").toString(),
                component.get("version").toString(),
                component.getOrDefault("description", "").toString(),
                component.get("purl").toString().replaceFirst("^.*[?&]classifier=([^&]*).*$|^.*$", "$1"),
                list(component, "hashes").stream()
                        .filter(hash -> hash.get("alg").equals("SHA-256"))
                        .map(hash -> hash.get("content").toString())
                        .findFirst()
                        .orElse(""),
                component.get("bom-ref").toString());
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> map, String key) {
        return (List<Map<String, Object>>) map.getOrDefault(key, List.of());
    }
}
