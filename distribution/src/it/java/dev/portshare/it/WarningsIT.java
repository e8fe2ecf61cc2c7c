package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Portshare;
import org.junit.jupiter.api.Test;

/** What is surely not meant is told where it serves. */
class WarningsIT {
    @Test
    void aRouteThatIsNeverReachedIsToldOnceItServes() throws Exception {
        try (Portshare portshare = Portshare.routing("""
            routes:
              - {name: web, to: "127.0.0.1:1"}
              - {name: vpn, when: {protocol: openvpn}, to: "nowhere.invalid:2"}
            """)) {
            assertThat(portshare.line("WARN"))
                    .endsWith("routes[1]: can never be reached: routes[0] (web) takes all it would; write it before"
                            + " routes[0] (web), or leave it out");
            assertThat(portshare.log()).noneMatch(line -> line.contains("nowhere.invalid"));
        }
    }

    @Test
    void soIsAnOption() throws Exception {
        try (Portshare portshare = Portshare.start(
                "--listen", "127.0.0.1:0", "--tls", "127.0.0.1:1", "--tls", "git.example.org=127.0.0.1:2")) {
            assertThat(portshare.line("WARN"))
                    .contains(" tls:git.example.org: can never be reached: tls takes all it would");
        }
    }
}
