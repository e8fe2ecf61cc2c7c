package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The man pages say what the program does, and man shows them. */
@Needs("man")
class ManPageIT {
    private static final Path MAN = Portshare.HOME.resolve("share/man");

    @ParameterizedTest
    @ValueSource(strings = {"man1/portshare.1", "man5/portshare.yaml.5"})
    void manHasNothingToWarnOf(String page) {
        Command.Result result = Command.of(
                        "man", "--warnings", "--local-file", MAN.resolve(page).toString())
                .with("LC_ALL", "C.UTF-8")
                .run()
                .ok();
        assertThat(result.err()).isEmpty();
        // What the Markdown was written in is gone.
        assertThat(result.out()).doesNotContain("<!--", "```", "](", "| ---", "**");
    }

    @Test
    void hasEveryOptionThatTheHelpHas() {
        String page = text("man1/portshare.1");
        for (String command : List.of("run", "check", "explain", "demo")) {
            assertThat(page).contains("portshare " + command);
            List<String> options = Pattern.compile("--[a-z-]+")
                    .matcher(Portshare.run(command, "--help").ok().out())
                    .results()
                    .map(option -> option.group())
                    .toList();
            assertThat(options).hasSizeGreaterThan(1);
            assertThat(page).contains(options);
        }
        assertThat(page).contains("--socks5 BACKEND"); // which the help only names
    }

    @Test
    void hasEveryKeyOfTheRouteFileAndEveryReasonInTheLog() {
        assertThat(text("man5/portshare.yaml.5")).contains("when.sni", "timeouts.drain", "SERVER NAMES", "CLOCKS");
        assertThat(text("man1/portshare.1")).contains("backend-refused", "no-descriptors", "head_ms");
    }

    private static String text(String page) {
        return Command.of("man", "--local-file", MAN.resolve(page).toString())
                .with("LC_ALL", "C.UTF-8")
                .with("MANWIDTH", "80")
                .run()
                .ok()
                .out();
    }
}
