package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real clients are told by what they send first. They get no answer: all are refused. */
@Needs({"curl", "ssh", "git", "logger", "redis-cli", "psql", "mosquitto_pub", "dig", "smbclient", "turnutils_uclient"})
class ProtocolsIT {
    private static final String ROUTES = """
        routes:
          - {name: alpha, when: {host: alpha.test}, to: reject}
          - {name: beta, when: {host: ["*.beta.test", "/b[0-9][.]test/"]}, to: reject}
          - {name: text, when: {protocol: [http, http2, xmpp]}, to: reject}
          - {name: rest, to: reject}
        """;

    @ParameterizedTest
    @CsvSource({
        "http,   text, curl http://127.0.0.1:PORT/",
        "http,   text, curl --http1.0 http://127.0.0.1:PORT/",
        "http,   text, curl -X PROPFIND http://127.0.0.1:PORT/",
        "http,   text, curl -X OPTIONS --request-target * http://127.0.0.1:PORT/",
        "http,   text, curl -H Host: http://127.0.0.1:PORT/",
        "http,   text, curl -H Upgrade:websocket -H Connection:Upgrade http://127.0.0.1:PORT/",
        "http,   alpha, curl -H Host:alpha.test http://127.0.0.1:PORT/",
        "http,   alpha, curl -H Host:ALPHA.test.:80 http://127.0.0.1:PORT/",
        "http,   text, curl -H Host:alpha.test.evil.test http://127.0.0.1:PORT/",
        "http,   beta, curl -H Host:a.b.beta.test http://127.0.0.1:PORT/",
        "http,   beta, curl -d x=y -H Host:b7.test http://127.0.0.1:PORT/",
        "http,   alpha, curl --proxy 127.0.0.1:PORT http://alpha.test/",
        "http,   alpha, curl --proxy 127.0.0.1:PORT --proxytunnel http://alpha.test/",
        "http2,  text, curl --http2-prior-knowledge -H Host:alpha.test http://127.0.0.1:PORT/",
        "socks4, rest, curl --socks4 127.0.0.1:PORT http://127.0.0.9/",
        "socks4, rest, curl --socks4a 127.0.0.1:PORT http://alpha.test/",
        "socks5, rest, curl --socks5-hostname 127.0.0.1:PORT http://alpha.test/",
        "socks5, rest, curl --socks5 127.0.0.1:PORT --proxy-user a:b http://127.0.0.9/",
        "ssh,    rest, ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -p PORT 127.0.0.1",
        "git,    rest, git ls-remote git://127.0.0.1:PORT/project.git",
        "git,    rest, git -c protocol.version=0 ls-remote git://127.0.0.1:PORT/project.git",
        "git,    rest, git archive --remote git://127.0.0.1:PORT/~user/project.git HEAD",
        "redis,  rest, redis-cli -p PORT PING",
        "redis,  rest, redis-cli -p PORT -3 GET x",
        "redis,  rest, redis-cli -p PORT -a secret --no-auth-warning GET x",
        "syslog, rest, logger --server 127.0.0.1 --port PORT --tcp hello",
        "syslog, rest, logger --server 127.0.0.1 --port PORT --tcp --octet-count hello",
        "syslog, rest, logger --server 127.0.0.1 --port PORT --tcp --rfc3164 hello",
        "postgres, rest, psql -h 127.0.0.1 -p PORT -U user -c select",
        "mqtt,   rest, mosquitto_pub -h 127.0.0.1 -p PORT -t topic -m message -V mqttv31 -i id",
        "mqtt,   rest, mosquitto_pub -h 127.0.0.1 -p PORT -t topic -m message -V mqttv311",
        "mqtt,   rest, mosquitto_pub -h 127.0.0.1 -p PORT -t topic -m message -V mqttv5 -u user -P word",
        "mqtt,   rest, curl mqtt://127.0.0.1:PORT/topic",
        "dns,    rest, dig +tcp +tries=1 +timeout=1 @127.0.0.1 -p PORT www.dev.test AAAA",
        "dns,    rest, dig +tries=1 +timeout=1 @127.0.0.1 -p PORT dev.test AXFR",
        "smb,    rest, smbclient -N -p PORT //127.0.0.1/share",
        "smb,    rest, smbclient -N -p PORT --option=clientminprotocol=NT1 //127.0.0.1/share",
        "stun,   rest, turnutils_uclient -t -p PORT -u user -w word -y 127.0.0.1"
    })
    void aClientIsTold(String protocol, String route, String command) throws Exception {
        // One for each, since some clients try again.
        try (Portshare portshare = Portshare.routing(ROUTES)) {
            List<String> words = Stream.of(command.split(" "))
                    .map(word -> word.replace("PORT", String.valueOf(portshare.port())))
                    .toList();
            Command.of(words)
                    .with("no_proxy", "")
                    .within(Duration.ofSeconds(10)) // some would go on trying
                    .run();
            Connection connection = portshare.connection();
            assertThat(connection.get("proto")).isEqualTo(protocol);
            assertThat(connection.route()).isEqualTo(route);
            assertThat(connection.close()).isEqualTo("rejected");
        }
    }
}
