package dev.portshare.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Map<String, String> VALUES = Map.of(
            "route", "web",
            "title", "the web server",
            "sni", "localhost",
            "host", "localhost:4433",
            "tls", "TLS 1.3",
            "alpn", "http/1.1",
            "port", "4433",
            "next", "curl -k https://blog.demo.test:4433/");

    @Test
    void bothFormsSayWhatWasReachedAndHow() {
        Page page = new Page(VALUES);

        assertThat(page.text())
                .contains("You reached the web server behind portshare")
                .contains("localhost", "TLS 1.3", "http/1.1", "curl -k https://blog.demo.test:4433/")
                .doesNotContain("{{");
        assertThat(page.html())
                .contains("<title>You reached the web server behind portshare</title>")
                .contains("localhost:4433", "TLS 1.3", "http/1.1", "https://blog.demo.test:4433/")
                .doesNotContain("{{");
    }

    @Test
    void htmlAsksForNothingFromElsewhere() {
        assertThat(new Page(VALUES).html()).doesNotContain("src=", "@import", "url(", "<script");
    }

    @Test
    void whatTheClientChoseIsHarmless() {
        Map<String, String> values = new HashMap<>(VALUES);
        values.put("host", "<script>\"&$1\\");
        values.put("sni", "a\u001b[2Jb{{host}}");
        Page page = new Page(values);

        assertThat(page.html())
                .contains("&lt;script&gt;&quot;&amp;$1\\", "b{{host}}")
                .doesNotContain("<script");
        assertThat(page.text()).contains("a?[2Jb{{host}}").doesNotContain("\u001b");
    }
}
