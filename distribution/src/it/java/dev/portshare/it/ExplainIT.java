package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code explain} says of the recorded TLS and OpenVPN heads what their manifest does. */
class ExplainIT {
    private static final Set<String> OPENVPN =
            Set.of("openvpn/plain", "openvpn/tls-auth", "openvpn/tls-crypt", "openvpn/tls-crypt-v2");

    @Test
    void everyRecordedTlsAndOpenVpnHeadIsExplainedAsRecorded() throws Exception {
        List<Corpus.Head> heads = Corpus.heads().stream()
                .filter(head -> head.protocol().equals("tls") || OPENVPN.contains(head.protocol()))
                .toList();
        List<String> arguments = new ArrayList<>(List.of(
                "explain", "--json", "--tls", "127.0.0.1:1", "--openvpn", "127.0.0.1:2", "--otherwise", "127.0.0.1:3"));
        heads.forEach(
                head -> arguments.add(Repository.CORPUS.resolve(head.file()).toString()));
        Command.Result result =
                Command.of(Portshare.words(List.of(), arguments)).run().ok();
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSameSizeAs(heads).hasSizeGreaterThan(50);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).contains(heads.get(i).file()).contains(expected(heads.get(i)));
        }
    }

    /** What the JSON line of the head contains. */
    private static String expected(Corpus.Head head) {
        String protocol = head.protocol().replaceFirst("/.*", "");
        String sni = head.sni() == null ? "null" : quoted(head.normalSni());
        String alpn = head.alpn().stream().map(ExplainIT::quoted).collect(Collectors.joining(", ", "[", "]"));
        return "\"protocol\": \"%s\", \"sni\": %s, \"alpn\": %s, \"waits\": false, \"route\": \"%s\""
                .formatted(protocol, sni, alpn, protocol);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\") + '"';
    }
}
