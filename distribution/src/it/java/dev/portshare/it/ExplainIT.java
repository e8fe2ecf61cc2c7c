package dev.portshare.it;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} says of the recorded heads what their manifest does. */
class ExplainIT {
    /** The manifest's kinds, and what they are called here. */
    private static final Map<String, String> PROTOCOLS = Map.ofEntries(
            entry("tls", "tls"),
            entry("openvpn/plain", "openvpn"),
            entry("openvpn/tls-auth", "openvpn"),
            entry("openvpn/tls-crypt", "openvpn"),
            entry("openvpn/tls-crypt-v2", "openvpn"),
            entry("http/0.9", "http"),
            entry("http/1.0", "http"),
            entry("http/1.1", "http"),
            entry("http/2", "http2"),
            entry("ssh", "ssh"),
            entry("socks4", "socks4"),
            entry("socks5", "socks5"),
            entry("xmpp", "xmpp"),
            entry("git", "git"),
            entry("redis", "redis"),
            entry("syslog", "syslog"),
            entry("sslv2-hello", "tls"),
            entry("rdp", "rdp"),
            entry("postgres", "postgres"),
            entry("mqtt", "mqtt"),
            entry("adb", "adb"),
            entry("tinc", "tinc"),
            entry("smb", "smb"),
            entry("stun", "stun"),
            entry("minecraft", "minecraft"),
            entry("winbox", "winbox"),
            entry("dns", "dns"),
            entry("wireguard", "wireguard"));

    @Test
    void everyRecordedHeadIsExplainedAsRecorded() throws Exception {
        List<Corpus.Head> heads = Corpus.heads().stream()
                .filter(head -> PROTOCOLS.containsKey(head.protocol()))
                .toList();
        List<String> arguments = new ArrayList<>(List.of("explain", "--json", "--otherwise", "127.0.0.1:3"));
        Set.copyOf(PROTOCOLS.values()).forEach(protocol -> arguments.addAll(List.of("--" + protocol, "127.0.0.1:1")));
        heads.forEach(
                head -> arguments.add(Repository.CORPUS.resolve(head.file()).toString()));
        Command.Result result =
                Command.of(Portshare.words(List.of(), arguments)).run().ok();
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSameSizeAs(heads).hasSizeGreaterThan(120);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).contains(heads.get(i).file()).contains(expected(heads.get(i)));
        }
    }

    /** What the JSON line of the head contains. */
    private static String expected(Corpus.Head head) {
        String protocol = PROTOCOLS.get(head.protocol());
        String sni = head.sni() == null ? "null" : quoted(head.normalSni());
        String alpn = head.alpn().stream().map(ExplainIT::quoted).collect(Collectors.joining(", ", "[", "]"));
        return "\"protocol\": \"%s\", \"sni\": %s, \"alpn\": %s, \"waits\": false, \"route\": \"%s\""
                .formatted(protocol, sni, alpn, protocol);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\") + '"';
    }

    /** {@code proxy-v1+tls} is TLS behind a header: where the proxy is trusted, that is what it says; otherwise just bytes. */
    @Test
    void aPROXYHeaderIsReadOnlyOfATrustedProxy(@TempDir Path folder) throws Exception {
        List<Corpus.Head> heads = Corpus.heads().stream()
                .filter(head ->
                        head.protocol().matches("proxy-v[12](\\+(tls|openvpn/.*)|-malformed)( \\(truncated\\))?"))
                .toList();
        Path file = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: {address: 443, proxy-protocol: {from: 10.0.0.0/8}}
            routes: [{name: all, to: 127.0.0.1:1}]
            """);
        List<String> trusted = explain(file, "10.0.0.1", heads);
        List<String> others = explain(file, "192.0.2.1", heads);
        assertThat(heads).hasSizeGreaterThan(10);
        for (int i = 0; i < heads.size(); i++) {
            assertThat(trusted.get(i)).contains(heads.get(i).file()).contains(behindItsHeader(heads.get(i)));
            assertThat(others.get(i)).contains("\"protocol\": \"unrecognised\", \"sni\": null, \"alpn\": []");
        }
    }

    private static List<String> explain(Path file, String from, List<Corpus.Head> heads) {
        List<String> arguments =
                new ArrayList<>(List.of("explain", "--json", "--config", file.toString(), "--from", from));
        heads.forEach(
                head -> arguments.add(Repository.CORPUS.resolve(head.file()).toString()));
        return Command.of(Portshare.words(List.of(), arguments))
                .run()
                .ok()
                .out()
                .lines()
                .toList();
    }

    private static String behindItsHeader(Corpus.Head head) {
        if (head.protocol().endsWith("malformed")) {
            return "\"protocol\": null, \"sni\": null, \"alpn\": [], \"waits\": false, \"route\": null";
        }
        if (head.protocol().endsWith("(truncated)")) {
            return "\"waits\": true";
        }
        return "\"protocol\": \"" + head.protocol().replaceFirst("proxy-v[12]\\+([a-z]+).*", "$1") + "\"";
    }

    /** The route is there for whoever has knocked; the knock itself is explained as what it does. */
    @Test
    void aGateIsExplained(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 443
            routes:
              - {name: ssh, when: {protocol: ssh}, to: 127.0.0.1:22}
              - {name: web, to: 127.0.0.1:4443}
            gate: {sni: knock-5f2c9a.example.org, opens: ssh, for: 10m}
            """);
        List<String> ssh = List.of("--hex", "53 53 48 2d 32 2e 30 2d 78 0d 0a", "--from", "203.0.113.9");
        assertThat(explain(file, ssh))
                .contains(
                        "route ssh    no: no gate to it is open to the client",
                        "route web    takes it: 127.0.0.1:4443");
        List<String> knocked = new ArrayList<>(ssh);
        knocked.add("--knocked");
        assertThat(explain(file, knocked)).contains("route ssh    takes it: 127.0.0.1:22");
        assertThat(explain(file, List.of("--sni", "Knock-5f2c9a.example.org")))
                .contains(
                        "route web    takes it: 127.0.0.1:4443",
                        "gate         opens ssh for 10m to the address of the client");
    }

    private static String explain(Path file, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("explain", "--config", file.toString()));
        arguments.addAll(options);
        return Command.of(Portshare.words(List.of(), arguments)).run().ok().out();
    }
}
