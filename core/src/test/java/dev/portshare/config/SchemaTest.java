package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema for editors knows what the reader knows. */
class SchemaTest {
    private static Object schema = Map.of();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = RouteFile.class.getResourceAsStream("portshare.schema.json")) {
            schema = new Load(LoadSettings.builder().build()).loadFromInputStream(Objects.requireNonNull(in));
        }
    }

    @Test
    void hasTheKeysOfTheReader() {
        assertThat(keys("properties")).containsExactlyElementsOf(RouteFile.KEYS.known());
        assertThat(keys("$defs", "route", "properties")).containsExactlyElementsOf(RouteReader.KEYS.known());
        assertThat(keys("$defs", "when", "properties")).containsExactlyElementsOf(ConditionReader.KEYS.known());
        assertThat(keys("$defs", "timeouts", "properties")).containsExactlyElementsOf(RouteFile.TIMEOUT_KEYS.known());
    }

    @Test
    void refusesOtherKeys() {
        for (List<String> mapping : List.of(
                List.<String>of(), List.of("$defs", "route"), List.of("$defs", "when"), List.of("$defs", "timeouts"))) {
            assertThat(at(mapping.toArray(String[]::new))).containsEntry("additionalProperties", false);
        }
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

    private static Iterable<Object> keys(String... path) {
        return at(path).keySet();
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
