package dev.portshare.config;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.listen.ListenAddress;
import dev.portshare.route.CidrSet;
import dev.portshare.route.Condition;
import dev.portshare.route.HandshakeTerms;
import dev.portshare.route.ProofTerms;
import dev.portshare.route.ServerNamePattern;
import dev.portshare.route.ServerNameSet;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code when:} and {@code not:}.
 *
 * @param protocols what can be named as protocol
 * @param listeners what can be named as listener; empty where {@code listen} is a problem itself, so that anything can
 * @param blocks    reads {@code from}
 * @param openVpnKeys reads {@code openvpn-key}
 * @param clientKeys  reads {@code openvpn-client}
 */
record ConditionReader(
        List<String> protocols,
        Set<String> listeners,
        BlockReader blocks,
        OpenVpnKeyReader openVpnKeys,
        ClientKeyReader clientKeys) {
    static final YamlKeys KEYS = new YamlKeys(
            List.of(
                    "protocol",
                    "sni",
                    "alpn",
                    "ech",
                    "host",
                    "rdp-cookie",
                    "openvpn-key",
                    "openvpn-metadata-since",
                    "openvpn-client",
                    "from",
                    "listener",
                    "not"),
            Set.of(),
            Map.of("client-certificate", "then"));

    /** Those of routes inside of TLS, where the handshake has told something besides. */
    static final YamlKeys INNER_KEYS = new YamlKeys(
            List.of(
                    "protocol",
                    "sni",
                    "alpn",
                    "client-certificate",
                    "host",
                    "rdp-cookie",
                    "openvpn-key",
                    "openvpn-metadata-since",
                    "openvpn-client",
                    "from",
                    "listener",
                    "not"),
            Set.of());

    private static final String EXPECTED = "a mapping of conditions, such as {protocol: tls}";

    /** What {@code protocol} can name without detectors of the file's own. */
    static final List<String> PROTOCOLS = Stream.concat(
                    Detectors.BUILTIN.stream().map(NamedDetector::name), Stream.of(Detectors.SILENT))
            .toList();

    private static final int MAX_ALPN = 255;
    private static final int MAX_COOKIE = 255;

    /** The condition; what is a problem in it asks nothing. */
    Condition read(YamlValue value) {
        YamlFields fields = value.fields(EXPECTED, KEYS);
        if (fields == null) {
            return Condition.ANY;
        }
        YamlValue not = fields.get("not");
        return condition(
                value,
                fields,
                names(fields.get("sni")),
                words(fields.get("alpn"), "an ALPN name", ConditionReader::alpn),
                not == null ? null : read(not));
    }

    /** What a route inside of TLS asks, of the handshake and of the bytes; what is a problem in it asks nothing. */
    InnerCondition readInner(YamlValue value) {
        YamlFields fields = value.fields(EXPECTED, INNER_KEYS);
        if (fields == null) {
            return InnerCondition.ANY;
        }
        YamlValue not = fields.get("not");
        InnerCondition excluded = not == null ? InnerCondition.ANY : readInner(not);
        boolean ofHandshake = !excluded.handshake().askNothing();
        boolean ofBytes = !excluded.bytes().asksNothing();
        if (not != null && ofHandshake && ofBytes) {
            not.problem("asks for what the handshake tells and for what the bytes do; write a route above this one"
                    + " for what is to go elsewhere");
        }
        HandshakeTerms terms = new HandshakeTerms(
                names(fields.get("sni")),
                words(fields.get("alpn"), "an ALPN name", ConditionReader::alpn),
                holders(fields.get("client-certificate")),
                ofHandshake ? excluded.handshake() : null);
        boolean excludes = not != null && !ofHandshake;
        return new InnerCondition(
                terms, condition(value, fields, ServerNameSet.EMPTY, List.of(), excludes ? excluded.bytes() : null));
    }

    private static ServerNameSet holders(@Nullable YamlValue value) {
        return value == null ? ServerNameSet.EMPTY : ServerNameSet.of(words(value, "a name", ConditionReader::holder));
    }

    /** In the notation of server names, but what a certificate names need be none. */
    private static ServerNamePattern holder(String word) {
        return word.startsWith("/") || word.startsWith("*.")
                ? ServerNamePattern.parse(word)
                : new ServerNamePattern.Exact(Detection.Match.normal(word));
    }

    private static ServerNameSet names(@Nullable YamlValue value) {
        return value == null ? ServerNameSet.EMPTY : ServerNameSet.of(words(value, "a name", ServerNamePattern::parse));
    }

    private Condition condition(
            YamlValue value,
            YamlFields fields,
            ServerNameSet serverNames,
            List<String> applicationProtocols,
            @Nullable Condition inner) {
        YamlValue protocol = fields.get("protocol");
        List<String> asked = words(protocol, "a protocol", this::protocol);
        YamlValue encrypted = fields.get("ech");
        Boolean encryptedHello = encrypted == null ? null : encrypted.read("true or false", YamlValue::truth);
        ServerNameSet hosts = ServerNameSet.of(words(fields.get("host"), "a host name", ServerNamePattern::parse));
        List<String> cookies = words(fields.get("rdp-cookie"), "a cookie", ConditionReader::cookie);
        ProofTerms proof = proof(fields);
        YamlValue from = fields.get("from");
        CidrSet clients = from == null ? null : blocks.readAll(from);
        List<String> listener = words(fields.get("listener"), "an address", this::listener);
        try {
            return new Condition(
                    asked,
                    serverNames,
                    applicationProtocols,
                    encryptedHello,
                    hosts,
                    cookies,
                    proof,
                    clients,
                    listener,
                    List.of(),
                    inner);
        } catch (IllegalArgumentException e) {
            // All that a condition refuses is about its protocol.
            (protocol == null ? value : protocol).problem(String.valueOf(e.getMessage()));
            return Condition.ANY;
        }
    }

    private static <T> List<T> words(@Nullable YamlValue value, String expected, Function<String, T> parse) {
        return value == null ? List.of() : value.readEach(expected, parse);
    }

    private String protocol(String word) {
        if (word.equals(Detectors.UNRECOGNISED)) {
            throw new IllegalArgumentException("no route can name \"" + word
                    + "\"; leave \"protocol\" out, and put the route behind those that have one");
        }
        if (!protocols.contains(word)) {
            throw new IllegalArgumentException("no protocol \"" + word + "\"" + Spelling.remedy(word, protocols));
        }
        return word;
    }

    static String alpn(String word) {
        if (word.length() > MAX_ALPN || word.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no ALPN name; write one of IANA's, such as h2 or http/1.1");
        }
        return word;
    }

    /** As the client sends it: MS-RDPBCGR says nothing of case, or of any character but the line end. */
    private static String cookie(String word) {
        if (word.startsWith("Cookie:") || word.startsWith("mstshash=")) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is more than the name; write what stands behind \"mstshash=\"");
        }
        if (word.length() > MAX_COOKIE || word.chars().anyMatch(c -> c < ' ' || c == 0x7F || c > 0xFF)) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no RDP cookie; write up to " + MAX_COOKIE + " characters of ISO 8859-1");
        }
        return word;
    }

    /** Null: it asks for none. */
    private @Nullable ProofTerms proof(YamlFields fields) {
        YamlValue keys = fields.get("openvpn-key");
        YamlValue since = fields.get("openvpn-metadata-since");
        YamlValue clients = fields.get("openvpn-client");
        if (keys == null && since == null && clients == null) {
            return null;
        }
        return new ProofTerms(
                keys == null ? List.of() : openVpnKeys.read(keys),
                since == null ? null : since.read("a date such as 2026-01-31", ConditionReader::instant),
                clients == null ? null : clientKeys.read(clients));
    }

    private static Instant instant(String word) {
        try {
            return word.indexOf('T') < 0
                    ? LocalDate.parse(word).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(word).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no date; write one such as 2026-01-31 or 2026-01-31T12:00:00Z", e);
        }
    }

    private String listener(String word) {
        String listener = ListenAddress.parse(word).toString();
        if (!listeners.isEmpty() && !listeners.contains(listener)) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is not in \"listen\"; write one of " + String.join(", ", listeners));
        }
        return listener;
    }
}
