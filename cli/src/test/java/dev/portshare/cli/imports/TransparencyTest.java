package dev.portshare.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.RouteFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransparencyTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:443, 127.0.0.1:22, 127.0.0.1:22, true",
        "[::1]:443, [::1]:22, [::1]:22, true",
        "443, 127.0.0.1:22, localhost:22, true",
        "443, [::1]:22, localhost:22, true",
        "0.0.0.0:443 [::]:443, 127.0.0.1:22, localhost:22, true",
        "443, backend.test:22, backend.test:22, true",
        "0.0.0.0:443, 192.0.2.1:22, 192.0.2.1:22, true",
        "443, 192.0.2.1:22, 192.0.2.1:22, false",
        "443, unix:/run/web, unix:/run/web, false",
        "unix:/run/in, 127.0.0.1:22, 127.0.0.1:22, true"
    })
    void aRouteLeadsWhereClientsOfEveryFamilyCanCome(String listen, String backend, String to, boolean isTransparent) {
        Transparency transparency = new Transparency();
        assertThat(transparency.lead(backend, Set.of(listen.split(" "))))
                .isEqualTo(new Transparency.Lead(backend, false, ""));
        transparency.all();
        Transparency.Lead lead = transparency.lead(backend, Set.of(listen.split(" ")));
        assertThat(lead.to()).isEqualTo(to);
        assertThat(lead.isTransparent()).isEqualTo(isTransparent);
        assertThat(lead.note().isEmpty())
                .isEqualTo(backend.equals(to) && (isTransparent || backend.startsWith("unix")));
    }

    @Test
    void sslhHasItForOneProtocolOrForAll() throws Exception {
        String all = """
            %s
            listen: ( { host: "0.0.0.0"; port: "443"; } );
            protocols: (
              { name: "ssh"; host: "127.0.0.1"; port: "22"; %s },
              { name: "tls"; host: "10.1.0.8"; port: "443"; }
            );
            """;
        assertThat(transparent(all.formatted("", ""))).isEmpty();
        assertThat(transparent(all.formatted("transparent: false;", ""))).isEmpty();
        assertThat(transparent(all.formatted("", "transparent: true;"))).containsExactly("127.0.0.1:22");
        assertThat(transparent(all.formatted("transparent: true;", "")))
                .containsExactly("127.0.0.1:22", "10.1.0.8:443");
        assertThat(transparent("DAEMON_OPTS=\"--transparent --listen 192.0.2.1:443 --ssh 192.0.2.2:22\""))
                .containsExactly("192.0.2.2:22");
    }

    /** The backends of transparent routes. */
    private static List<String> transparent(String sslh) throws Exception {
        String yaml = Sslh.draft(sslh).yaml("sslh");
        List<String> backends = RouteFile.parse("sslh", yaml, Path.of("")).routes().stream()
                .filter(route -> route.source() != null)
                .map(route -> route.to().toString())
                .distinct()
                .collect(Collectors.toList());
        assertThat(yaml.contains("portshare doctor")).isEqualTo(!backends.isEmpty());
        return backends;
    }
}
