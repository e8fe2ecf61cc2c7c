import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The bill of materials of an image, in CycloneDX's JSON: what Maven knows of the jars, without those for other kinds of
 * machine, whose native code is not in this image, and with the Java runtime, of which Maven knows nothing.
 */
final class Bill {
    private final Map<String, Object> bill;

    private Bill(Map<String, Object> bill) {
        this.bill = bill;
    }

    /** The text of the image's bill, from what cyclonedx-maven-plugin has written at {@code jars}. */
    @SuppressWarnings("unchecked")
    static String of(Path jars) throws IOException {
        // JSON is YAML 1.2, and keys keep their order.
        Load load = new Load(LoadSettings.builder().build());
        Bill bill = new Bill((Map<String, Object>) load.loadFromString(Files.readString(jars)));
        bill.leaveOutOtherMachines();
        bill.addRuntime();
        StringBuilder text = new StringBuilder();
        write(bill.bill, "\n", text);
        return text.append('\n').toString();
    }

    private void leaveOutOtherMachines() {
        list(bill, "components").removeIf(component -> isOfAnotherMachine(component.get("bom-ref")));
        list(bill, "dependencies").removeIf(dependency -> isOfAnotherMachine(dependency.get("ref")));
        for (Map<String, Object> dependency : list(bill, "dependencies")) {
            if (dependency.get("dependsOn") instanceof List<?> refs) {
                refs.removeIf(Bill::isOfAnotherMachine);
            }
        }
    }

    private static boolean isOfAnotherMachine(Object ref) {
        return Image.isOfAnotherMachine(ref.toString().replaceFirst(".*[?&]classifier=([^&]*).*", "-$1.jar"));
    }

    /** The Java that runs this build is the one that the image's runtime is made of. */
    private void addRuntime() {
        String version = Runtime.version().toString();
        String ref = "pkg:generic/openjdk@" + version.replace("+", "%2B");
        Map<String, Object> runtime = new LinkedHashMap<>();
        runtime.put("type", "platform");
        runtime.put("bom-ref", ref);
        runtime.put("publisher", System.getProperty("java.vendor"));
        runtime.put("name", "openjdk");
        runtime.put("version", version);
        runtime.put("description", "Java runtime, of the modules " + String.join(", ", Image.MODULES));
        runtime.put("licenses", List.of(Map.of("expression", "GPL-2.0-only WITH Classpath-exception-2.0")));
        runtime.put("purl", ref);
        list(bill, "components").add(runtime);

        Map<String, Object> dependency = new LinkedHashMap<>();
        dependency.put("ref", ref);
        dependency.put("dependsOn", List.of());
        list(bill, "dependencies").add(dependency);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> map, String key) {
        return (List<Map<String, Object>>) map.get(key);
    }

    /** @param line the beginning of a line: the line feed and the indent */
    private static void write(Object value, String line, StringBuilder out) {
        String inner = line + "  ";
        switch (value) {
            case Map<?, ?> map
            when !map.isEmpty() -> {
                out.append('{');
                String before = inner;
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    write(entry.getKey(), "", out.append(before));
                    write(entry.getValue(), inner, out.append(": "));
                    before = "," + inner;
                }
                out.append(line).append('}');
            }
            case List<?> list
            when !list.isEmpty() -> {
                out.append('[');
                String before = inner;
                for (Object element : list) {
                    write(element, inner, out.append(before));
                    before = "," + inner;
                }
                out.append(line).append(']');
            }
            case String string -> out.append(quoted(string));
            case Map<?, ?> _ -> out.append("{}");
            case List<?> _ -> out.append("[]");
            case Object scalar -> out.append(scalar);
        }
    }

    private static String quoted(String string) {
        StringJoiner quoted = new StringJoiner("", "\"", "\"");
        string.chars()
                .mapToObj(c -> switch (c) {
                    case '"', '\\' -> "\\" + (char) c;
                    default -> c < ' ' ? String.format("\\u%04x", c) : String.valueOf((char) c);
                })
                .forEach(quoted::add);
        return quoted.toString();
    }
}
