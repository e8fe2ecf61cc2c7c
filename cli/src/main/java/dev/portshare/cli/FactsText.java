package dev.portshare.cli;

import dev.portshare.detect.Detection;
import dev.portshare.detect.openvpn.ClientKey;
import dev.portshare.detect.openvpn.Proof;
import dev.portshare.route.Facts;
import dev.portshare.route.Route;
import dev.portshare.route.Target;
import dev.portshare.session.Escaped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what {@code explain} knows of a connection. */
final class FactsText {
    private FactsText() {}

    /** All that is known, in one line of key=value. */
    static String of(Facts facts) {
        String names = String.join(",", escaped(facts.applicationProtocols()));
        return "protocol=" + facts.protocol()
                + " sni=" + (facts.serverName() == null ? "-" : Escaped.of(facts.serverName()))
                + " alpn=" + (names.isEmpty() ? "-" : names)
                + (facts.head().encryptedHello() ? " ech=true" : "")
                + (facts.host() == null ? "" : " host=" + Escaped.of(facts.host()))
                + (facts.cookie() == null ? "" : " rdp-cookie=" + Escaped.of(facts.cookie()))
                + (facts.proof() == null ? "" : proof(facts.proof()))
                + " from=" + (facts.client() == null ? "-" : facts.client().hostString())
                + " listener=" + facts.listener();
    }

    private static String proof(Proof proof) {
        ClientKey own = proof.clientKey();
        String text = " openvpn-key=" + proof.key() + (proof.time() < 0 ? "" : " openvpn-time=" + time(proof.time()));
        return own == null ? text : text + " openvpn-client=" + own.hash() + " openvpn-metadata=" + time(own.issued());
    }

    /** Of seconds since 1970. */
    private static String time(long seconds) {
        return seconds < 0 ? "-" : Instant.ofEpochSecond(seconds).toString();
    }

    /** As below, of a client that no route turns away. */
    static String json(String name, Detection.@Nullable Match match, boolean waits, @Nullable Route route) {
        return json(name, match, waits, route, false);
    }

    /** A null {@code match} is what has no facts, since it is closed before there are any; {@code denied}: {@code route} closes it. */
    static String json(
            String name, Detection.@Nullable Match match, boolean waits, @Nullable Route route, boolean denied) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("file", name);
        line.put("protocol", match == null ? null : match.protocol());
        line.put("sni", match == null ? null : escaped(match.serverName()));
        line.put("alpn", match == null ? List.of() : escaped(match.applicationProtocols()));
        line.put("waits", waits);
        line.put("route", route == null ? null : route.name());
        line.put("backend", route != null && !denied && route.to() instanceof Target.Forward ? route.to() : null);
        line.put("ech", match != null && match.encryptedHello());
        line.put("host", match == null ? null : escaped(match.host()));
        line.put("rdp-cookie", match == null ? null : escaped(match.cookie()));
        Proof proof = match == null ? null : match.proof();
        if (proof != null) {
            ClientKey own = proof.clientKey();
            line.put("openvpn-key", proof.key().mode());
            line.put("openvpn-time", proof.time() < 0 ? null : time(proof.time()));
            line.put("openvpn-client", own == null ? null : own.hash());
            line.put("openvpn-metadata", own == null || own.issued() < 0 ? null : time(own.issued()));
        }
        return Json.write(line);
    }

    private static @Nullable String escaped(@Nullable String text) {
        return text == null ? null : Escaped.of(text);
    }

    private static List<String> escaped(List<String> names) {
        return names.stream().map(Escaped::of).toList();
    }
}
