package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real shells complete the commands, the options of each, those of {@code run} without it, and files. */
class CompletionIT {
    private static final Path SHARE = Portshare.HOME.resolve("share");

    @Test
    void bashCompletes() {
        assertThat(bash("portshare", "")).contains("run", "check", "explain", "demo", "who");
        assertThat(bash("portshare", "who", "--")).contains("--json", "--admin");
        assertThat(bash("portshare", "--o")).containsExactly("--openvpn", "--openvpn-key", "--otherwise");
        assertThat(bash("portshare", "--socks")).containsExactly("--socks4", "--socks5"); // which the help only names
        assertThat(bash("portshare", "run", "--l")).containsExactly("--listen", "--log-format", "--loops");
        assertThat(bash("portshare", "explain", "--j")).containsExactly("--json");
        assertThat(bash("portshare", "check", "/etc/hostn")).containsExactly("/etc/hostname");
        assertThat(bash("portshare", "--config", "/etc/hostn")).containsExactly("/etc/hostname");
    }

    /** What bash would offer for the last of the words. */
    private static List<String> bash(String... words) {
        String script = """
            source "$1"; shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
            compopt() { :; }
            $(complete -p portshare | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
            printf '%s\\n' "${COMPREPLY[@]}" | sort
            """;
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.add(SHARE.resolve("bash-completion/completions/portshare").toString());
        command.addAll(List.of(words));
        return Command.of(command).run().ok().out().lines().toList();
    }

    @Test
    @Needs("fish")
    void fishCompletes() {
        assertThat(fish("portshare ")).contains("run", "check", "explain", "demo", "who");
        assertThat(fish("portshare who --")).contains("--json", "--admin");
        assertThat(fish("portshare --o")).containsExactly("--openvpn", "--openvpn-key", "--otherwise");
        assertThat(fish("portshare --socks")).containsExactly("--socks4", "--socks5");
        assertThat(fish("portshare run --l")).containsExactly("--listen", "--log-format", "--loops");
        assertThat(fish("portshare explain --j")).containsExactly("--json");
        assertThat(fish("portshare check /etc/hostn")).containsExactly("/etc/hostname");
        assertThat(fish("portshare --config /etc/hostn")).containsExactly("/etc/hostname");
    }

    private static List<String> fish(String line) {
        Path script = SHARE.resolve("fish/vendor_completions.d/portshare.fish");
        return Command.of("fish", "--no-config", "-c", "source " + script + "; complete -C'" + line + "'")
                .run()
                .ok()
                .out()
                .lines()
                .map(offer -> offer.replaceFirst("\t.*", ""))
                .sorted()
                .toList();
    }

    @Test
    @Needs("zsh")
    void zshCompletes() {
        assertThat(zsh("portshare ", "run  ")).contains("check", "explain", "demo");
        assertThat(zsh("portshare --", "--tls")).contains("--config", "--listen", "--openvpn", "--loops");
        assertThat(zsh("portshare run --l", "--loops")).contains("--listen").doesNotContain("--tls");
        assertThat(zsh("portshare explain --", "--version")).contains("--json").doesNotContain("--loops");
        assertThat(zsh("portshare check /etc/host", "hostname")).contains("host.conf");
        assertThat(zsh("portshare --config /etc/host", "hostname")).contains("host.conf");
    }

    /** What an interactive zsh lists for the line, up to the offer {@code last}. */
    private static String zsh(String line, String last) {
        String script = """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "fpath=($1 \\$fpath); autoload -U compinit; compinit -u -D; bindkey '^I' list-choices; PROMPT='rea''dy '"
            zpty -r shell output '*ready *'
            zpty -w -n shell "$2"$'\\t'
            zpty -r shell output "*$3*"
            print -r -- "$output"
            """;
        return Command.of("zsh", "-f", "-c", script, "zsh", SHARE.resolve("zsh/site-functions") + "", line, last)
                .with("TERM", "dumb")
                .run()
                .ok()
                .out();
    }
}
