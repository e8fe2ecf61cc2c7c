package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.admin.AdminOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus gets. That its own tools accept the format is seen with the built program. */
class MetricsTest {
    private static final Path DOCUMENTATION = Path.of("../docs/admin.md");

    @TempDir
    private Path folder;

    private String metrics(Front front) throws IOException {
        Path socket = folder.resolve("admin.sock");
        try (Administered _ = new Administered(front, AdminOptions.at(socket))) {
            return Administered.ask(UnixDomainSocketAddress.of(socket), "GET /metrics HTTP/1.1");
        }
    }

    @Test
    void aConnectionShowsWhileItLivesAndWhenItHasEnded() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            try (Socket _ = front.connect(Front.PLAIN);
                    Socket server = Front.accept(backend)) {
                server.getInputStream().readNBytes(Front.PLAIN.length);
                assertThat(metrics(front))
                        .contains("\nportshare_connections_accepted_total 1\n")
                        .contains("\nportshare_connections_active{route=\"all\"} 1\n")
                        .contains("\nportshare_in_bytes_total{route=\"all\"} " + Front.PLAIN.length + "\n")
                        .doesNotContain("\nportshare_connections_closed_total{");
            }
            String close = front.record().close().toString();
            assertThat(metrics(front))
                    .contains("\nportshare_connections_active{route=\"all\"} 0\n")
                    .contains("\nportshare_connections_closed_total{route=\"all\",protocol=\"http\",close=\"" + close
                            + "\"} 1\n")
                    .contains("\nportshare_head_seconds_bucket{protocol=\"http\",le=\"10\"} 1\n")
                    .contains("\nportshare_head_seconds_bucket{protocol=\"http\",le=\"+Inf\"} 1\n")
                    .contains("\nportshare_connect_seconds_count{route=\"all\"} 1\n")
                    .contains("\nportshare_duration_seconds_count{protocol=\"http\"} 1\n");
        }
    }

    @Test
    void everyMetricIsDocumentedAndNoOther() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            assertThat(names(metrics(front), Pattern.compile("(?m)^# TYPE (\\S+) ")))
                    .isEqualTo(names(Files.readString(DOCUMENTATION), Pattern.compile("(?m)^\\| `(portshare_\\w+)`")));
        }
    }

    @Test
    void nothingButRouteProtocolAndCloseTellsSamplesApart() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend)) {
            try (Socket _ = front.connect(Front.PLAIN)) {
                Front.accept(backend).close();
            }
            front.record();
            String metrics = metrics(front)
                    .lines()
                    .filter(line -> !line.startsWith("portshare_build_info")
                            && !line.startsWith("portshare_event_loop_lag_seconds"))
                    .collect(Collectors.joining("\n"));
            assertThat(names(metrics, Pattern.compile("[{,](\\w+)=")))
                    .isEqualTo(Set.copyOf(List.of("route", "protocol", "close", "le")));
        }
    }

    private static Set<String> names(String text, Pattern pattern) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
