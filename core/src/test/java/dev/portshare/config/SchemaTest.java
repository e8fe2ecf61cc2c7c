package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.portshare.session.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema for editors knows what the reader knows. */
class SchemaTest {
    private static Object schema = Map.of();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = RouteFile.schema()) {
            schema = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
        }
    }

    /** Of each table of keys that a reader has, so that a new one cannot be forgotten. */
    @Test
    void hasTheKeysOfEveryReaderAndRefusesOthers() throws Exception {
        assertThat(mappings(schema))
                .allSatisfy(mapping ->
                        assertThat(mapping.get("additionalProperties")).isEqualTo(false))
                .extracting(mapping -> List.copyOf(((Map<?, ?>) mapping.get("properties")).keySet()))
                .asInstanceOf(LIST)
                .containsExactlyInAnyOrderElementsOf(tables());
    }

    @Test
    void hasTheProtocolsOfTheTable() {
        assertThat(at("$defs", "protocol")).containsEntry("enum", ConditionReader.PROTOCOLS);
    }

    @Test
    void hasTheDefaultTimeouts() {
        var defaults = Timeouts.DEFAULTS;
        var durations = Map.of(
                "silent", defaults.silent(),
                "head", defaults.head(),
                "connect", defaults.connect(),
                "idle", defaults.idle(),
                "drain", defaults.drain());
        durations.forEach((key, duration) -> assertThat(at("$defs", "timeouts", "properties", key))
                .containsEntry("default", duration.toSeconds() + "s"));
    }

    /** The keys of every table in this package. */
    private static List<List<String>> tables() throws Exception {
        List<List<String>> tables = new ArrayList<>();
        Path classes =
                Path.of(RouteFile.class.getResource("RouteFile.class").toURI()).getParent();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.class$", "");
                for (Field field : Class.forName(RouteFile.class.getPackageName() + "." + name)
                        .getDeclaredFields()) {
                    if (field.getType() == YamlKeys.class && Modifier.isStatic(field.getModifiers())) {
                        tables.add(((YamlKeys) field.get(null)).known());
                    }
                }
            }
        }
        assertThat(tables).hasSizeGreaterThanOrEqualTo(4);
        return tables;
    }

    /** Every part of {@code value} that is the schema of a mapping with keys of this format, rather than the user's own. */
    private static List<Map<?, ?>> mappings(Object value) {
        List<Map<?, ?>> mappings = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            if ("object".equals(map.get("type")) && map.containsKey("properties")) {
                mappings.add(map);
            }
            map.values().forEach(each -> mappings.addAll(mappings(each)));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> mappings.addAll(mappings(each)));
        }
        return mappings;
    }

    @SuppressWarnings("unchecked") // JSON objects are maps
    private static Map<Object, Object> at(String... path) {
        Object value = schema;
        for (String key : path) {
            value = ((Map<Object, Object>) value).get(key);
        }
        return (Map<Object, Object>) value;
    }
}
