package dev.portshare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Finding;
import dev.portshare.config.RouteFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostLookupsTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void asksForEachNameOnceAndForNoAddress() throws Exception {
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        Configuration configuration = read("""
            listen: [443, "127.0.0.1:443", "ours.test:443", unix:/run/x]
            routes:
              - {name: a, to: "gone.test:1"}
              - {name: b, to: "[::1]:1"}
              - {name: c, to: "known.test:1"}
              - {name: d, to: "gone.test:2"}
              - {name: e, to: reject}
            """);
        List<Finding> findings = HostLookups.findings(configuration, LONG, host -> {
            asked.add(host);
            if (!host.equals("known.test")) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        assertThat(asked).containsExactlyInAnyOrder("ours.test", "gone.test", "known.test");
        assertThat(findings)
                .extracting(finding -> finding.path() + ": " + finding.message())
                .containsExactlyInAnyOrder(
                        "listen[2]: \"ours.test\" has no address; correct the name, or add it to DNS or /etc/hosts"
                                + " (--offline leaves names out)",
                        "routes[0].to: \"gone.test\" has no address; correct the name, or add it to DNS or /etc/hosts"
                                + " (--offline leaves names out)",
                        "routes[3].to: \"gone.test\" has no address; correct the name, or add it to DNS or /etc/hosts"
                                + " (--offline leaves names out)");
    }

    @Test
    @Timeout(60)
    void aResolverThatDoesNotAnswerIsNotWaitedFor() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<Finding> findings =
                HostLookups.findings(read("{listen: 443, routes: [{to: 'slow.test:1'}]}"), Duration.ofMillis(1), _ -> {
                    try {
                        never.await(5, TimeUnit.MINUTES);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return new InetAddress[0];
                });
        assertThat(findings)
                .extracting(Finding::message)
                .allMatch(message -> message.startsWith("\"slow.test\" had no answer from DNS within"))
                .hasSize(1);
    }

    private static Configuration read(String yaml) throws ConfigurationException {
        return RouteFile.parse("r.yaml", yaml, Path.of(""));
    }
}
