package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts that come with the program: what they ask for can be asked, and exists. */
class MonitoringIT {
    private static final Path SHARE = Portshare.HOME.resolve("share/portshare");
    private static final Path ALERTS = SHARE.resolve("prometheus-alerts.yaml");
    private static final Path DASHBOARD = SHARE.resolve("grafana-dashboard.json");

    @TempDir
    private Path folder;

    @Test
    @Needs("promtool")
    void prometheusReadsTheAlerts() {
        Command.Result check = Command.of("promtool", "check", "rules", "--lint-fatal", ALERTS.toString())
                .run()
                .ok();
        assertThat(check.out()).contains("SUCCESS: 16 rules found");
    }

    /** One connection in ten without a backend, for ten minutes, and a file that is refused. */
    @Test
    @Needs("promtool")
    void anAlertComesWhenItShould() throws Exception {
        Path test = Files.writeString(folder.resolve("test.yaml"), """
            rule_files: [%s]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
                  - {series: 'portshare_build_info{instance="a"}', values: '1x30'}
                  - {series: 'portshare_config_last_reload_successful{instance="a"}', values: '1x10 0x20'}
                  - {series: 'portshare_connections_routed_total{instance="a",route="web"}', values: '0+100x30'}
                  - {series: 'portshare_connections_routed_total{instance="a",route="vpn"}', values: '0+100x30'}
                  - {series: 'portshare_connections_closed_total{instance="a",route="web",protocol="tls",close="backend-refused"}',
                     values: '0+10x30'}
                  - {series: 'portshare_connections_closed_total{instance="a",route="vpn",protocol="openvpn",close="backend-refused"}',
                     values: '0+1x30'}
                  - {series: 'portshare_connections_closed_total{instance="a",route="vpn",protocol="openvpn",close="no-ports"}',
                     values: '0x20 1x10'}
                promql_expr_test:
                  - expr: count by (alertname, route) (ALERTS{alertstate="firing"})
                    eval_time: 9m
                    exp_samples:
                      - {labels: '{alertname="PortshareBackendFails",route="web"}', value: 1}
                  - expr: count by (alertname, route) (ALERTS{alertstate="firing"})
                    eval_time: 25m
                    exp_samples:
                      - {labels: '{alertname="PortshareBackendFails",route="web"}', value: 1}
                      - {labels: '{alertname="PortshareReloadRefused"}', value: 1}
                      - {labels: '{alertname="PortshareTurnsClientsAwayForWantOfPorts",route="vpn"}', value: 1}
            """.formatted(ALERTS.toAbsolutePath()));
        Command.of("promtool", "test", "rules", test.toString()).run().ok();
    }

    /** Each question of the dashboard, as a rule of its own. */
    @Test
    @Needs({"promtool", "python3"})
    void prometheusUnderstandsEveryQuestionOfTheDashboard() throws Exception {
        String questions = Command.of("python3", "-c", """
            import json, sys
            dashboard = json.load(open(sys.argv[1]))
            for panel in dashboard["panels"]:
                for target in panel["targets"]:
                    print(target["expr"])
            """, DASHBOARD.toString())
                .run()
                .ok()
                .out();
        List<String> rules = questions
                .lines()
                .map(question -> question.replace("$__rate_interval", "5m"))
                .map(question -> "      - record: portshare:question\n        expr: >-\n          " + question)
                .toList();
        assertThat(rules).hasSizeGreaterThan(20);
        Path file = folder.resolve("rules.yaml");
        Files.writeString(file, "groups:\n  - name: dashboard\n    rules:\n" + String.join("\n", rules) + "\n");
        // Without its lint, which minds that all have one name.
        assertThat(Command.of("promtool", "check", "rules", "--lint=none", file.toString())
                        .run()
                        .ok()
                        .out())
                .contains("SUCCESS: " + rules.size() + " rules found");
    }

    @Test
    @Needs("curl")
    void everyMetricThatTheyNameExists() throws Exception {
        Set<String> exist = metrics();
        assertThat(exist).contains("portshare_connect_seconds_bucket", "portshare_build_info");
        for (Path file : List.of(ALERTS, DASHBOARD)) {
            assertThat(exist).containsAll(names(Files.readString(file), "portshare_\\w+"));
        }
    }

    private Set<String> metrics() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.routing("""
                    routes: [{name: web, to: ["%s", "127.0.0.1:1"], balance: first-alive}]
                    admin: {http: 127.0.0.1:0}
                    """.formatted(at(echo)))) {
            try (Socket client = connect(portshare, PLAIN)) {
                client.getInputStream().readNBytes(PLAIN.length);
            }
            portshare.connection();
            String line = portshare.line("admin interface at ");
            String url = line.substring(line.indexOf("http")) + "metrics";
            String metrics = Command.of("curl", "-sf", "--max-time", "20", url)
                    .run()
                    .ok()
                    .out();
            return names(metrics, "(?m)^portshare_\\w+");
        }
    }

    private static Set<String> names(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
