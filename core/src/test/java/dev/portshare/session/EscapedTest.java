package dev.portshare.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a client chose can neither forge a line of the log nor steer a terminal; sslh took it for a format (#353). */
class EscapedTest {
    @Test
    void whatATerminalOrAParserCouldTripOverIsEscaped() {
        assertThat(Escaped.of("www.example.org")).isEqualTo("www.example.org");
        assertThat(Escaped.of("a b\n\r\t\u001b[31m\0%n\\x\u007f\u00ff"))
                .isEqualTo("a\\x20b\\x0a\\x0d\\x09\\x1b[31m\\x00%n\\x5cx\\x7f\\xff");
    }
}
