package dev.portshare.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonStringTest {
    @Test
    void whatIsNoPlainAsciiIsEscaped() {
        StringBuilder json = new StringBuilder("[");
        JsonString.append("a \"b\\c\n\u001b\u007f\u00e9\ud83d\ude00", json);
        assertThat(json).hasToString("[\"a \\\"b\\\\c\\u000a\\u001b\\u007f\\u00e9\\ud83d\\ude00\"");
    }
}
