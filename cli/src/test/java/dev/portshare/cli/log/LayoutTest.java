package dev.portshare.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.Escaped;
import dev.portshare.telemetry.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class LayoutTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";

    private static final LogLine FIELDS = fields -> {
        fields.add("id", 7);
        fields.add("sni", Escaped.of("a\"\\\u0001b"));
        fields.add("alpn", null);
    };

    private static String write(Layout layout, Level level, LogLine line) {
        layout.begin(0, level);
        line.writeTo(layout);
        layout.end();
        return layout.text.toString();
    }

    private static String text(LogLine line) {
        return write(new TextLayout(new StringBuilder(), false), Level.INFO, line);
    }

    private static String json(LogLine line) {
        return write(new JsonLayout(new StringBuilder(), false), Level.WARN, line);
    }

    /** JSON is YAML 1.2. */
    @SuppressWarnings("unchecked") // JSON objects are maps
    private static Map<String, Object> parsed(String json) {
        assertThat(json).endsWith("}\n").containsOnlyOnce("\n");
        String sent = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(sent);
    }

    @Test
    void textHasPairs() {
        assertThat(text(FIELDS)).matches(TIME + " INFO id=7 sni=a\"\\\\x5c\\\\x01b alpn=-\n");
    }

    @Test
    void jsonHasTheSameValuesAndNull() {
        assertThat(json(FIELDS))
                .matches("\\{\"time\":\"" + TIME
                        + "\",\"level\":\"WARN\",\"id\":7,\"sni\":\"a\\\\\"\\\\\\\\x5c\\\\\\\\x01b\",\"alpn\":null}\n");
        assertThat(parsed(json(FIELDS)))
                .containsEntry("id", 7)
                .containsEntry("sni", "a\"\\x5c\\x01b")
                .containsEntry("alpn", null);
    }

    @Test
    void everyCharBecomesValidJson() {
        // But for the last two, which JSON allows, and YAML does not.
        String all = IntStream.range(0, 0xfffe)
                .filter(c -> !Character.isSurrogate((char) c))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        assertThat(parsed(json(fields -> fields.message(all, null)))).containsEntry("message", all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00 ", "\udc00\ud800", "\ud83d\ude00", "\""})
    void surrogatesDoToo(String text) {
        String expected = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(parsed(json(fields -> fields.message(text, null)))).containsEntry("message", expected);
    }

    @Test
    void noMessageLooksLikeTwoLines() {
        assertThat(text(fields -> fields.message("a\r\nb\tc\u001b[0m\u009b", null)))
                .endsWith(" INFO a\\x0d\\x0ab\tc\\x1b[0m\\x9b\n");
    }

    @Test
    void noExceptionLooksLikeALineOfItsOwn() {
        Exception thrown = new IllegalStateException("x\n2026 INFO forged\u0007", new RuntimeException("y\nz"));
        List<String> lines =
                text(fields -> fields.message("broken", thrown)).lines().toList();
        assertThat(lines.get(0)).endsWith(" INFO broken");
        assertThat(lines.get(1)).isEqualTo("java.lang.IllegalStateException: x");
        assertThat(lines.get(2)).isEqualTo("\t2026 INFO forged\\x07");
        assertThat(lines.subList(2, lines.size()))
                .allMatch(line -> line.startsWith("\t") || line.startsWith("Caused by: "));
    }

    @Test
    void inJsonAStackTraceIsAStringOfItsOwn() {
        Map<String, Object> object = parsed(json(fields -> fields.message("broken", new IllegalStateException("why"))));
        assertThat(object)
                .containsEntry("message", "broken")
                .containsOnlyKeys("time", "level", "message", "stack_trace");
        assertThat(object.get("stack_trace").toString()).startsWith("java.lang.IllegalStateException: why\n\tat ");
    }

    @ParameterizedTest
    @CsvSource({"FATAL, <3>", "ERROR, <3>", "WARN, <4>", "INFO, <6>", "DEBUG, <7>"})
    void theJournalGetsPrioritiesAndNoTime(String level, String priority) {
        LogLine line = fields -> fields.message("m", new IllegalStateException("why"));
        String text = write(new TextLayout(new StringBuilder(), true), Level.valueOf(level), line);
        assertThat(text).startsWith(priority + level + " m\n" + priority + "java.lang.IllegalStateException: why\n");
        assertThat(text.lines()).allMatch(each -> each.startsWith(priority));
        assertThat(write(new JsonLayout(new StringBuilder(), true), Level.valueOf(level), line))
                .startsWith(priority + "{\"time\":");
    }
}
